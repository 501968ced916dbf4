"""The headers of files from another country: English, in other words than the contract's."""

# One kind a line, however long.
# ruff: noqa: E501
# fmt: off

ABROAD_HEADERS = {
    "post": {"platform": "Site", "account": "Profile", "posted_at": "Published", "text": "Caption", "post_id": "Post ID", "region": "State"},
    "order": {"ordered_at": "Booking Time", "service": "Test", "order_id": "Booking ID", "client_name": "Patient Name", "client_phone": "Patient Mobile", "client_region": "Patient State", "price": "Fee", "currency": "Currency", "agent_name": "Referred By", "agent_phone": "Referrer Mobile", "agent_handle": "Referrer Profile"},
    "waybill": {"waybill_no": "Tracking Number", "accepted_at": "Booked At", "carrier": "Courier", "delivered_at": "Delivered At", "sender_name": "Shipper", "sender_phone": "Shipper Mobile", "sender_address": "Shipper Address", "receiver_name": "Consignee", "receiver_phone": "Consignee Mobile", "receiver_address": "Consignee Address", "contents": "Description of Goods", "weight_g": "Weight (g)", "pieces": "Pieces", "freight": "Charge", "currency": "Currency"},
    "payment": {"payment_id": "Transaction ID", "paid_at": "Transaction Date", "payer_account": "From Account", "payer_name": "Remitter", "payee_account": "To Account", "payee_name": "Beneficiary", "amount": "Amount", "currency": "Currency", "channel": "Mode of Payment", "memo": "Narration"},
    "crossing": {"document_no": "Passport No", "crossed_at": "Date of Travel", "direction": "Arrival/Departure", "traveller_name": "Passenger Name", "nationality": "Nationality", "port": "Checkpoint", "mode": "Mode of Travel"},
    "declaration": {"declaration_no": "Shipping Bill No", "declared_at": "Shipping Bill Date", "exporter_name": "Exporter", "exporter_id": "Exporter Reg No", "consignee_name": "Consignee", "destination": "Country of Destination", "goods": "Item Description", "hs_code": "HS Code", "quantity": "Quantity", "unit": "Unit", "value": "FOB Value", "currency": "Currency", "permit_no": "Permit No", "port": "Port of Loading", "waybill_no": "AWB No"},
    "permit": {"permit_no": "NOC No", "holder_name": "Issued To", "holder_id": "Reg No", "material": "Material", "quantity": "Approved Quantity", "unit": "Unit", "valid_from": "Valid From", "valid_to": "Valid Until", "recipient_name": "Overseas Recipient", "destination": "Destination", "authority": "Issuing Authority"},
    "seizure": {"seizure_id": "Case No", "seized_at": "Date of Seizure", "port": "Checkpoint", "document_no": "Passport No", "carrier_name": "Passenger Name", "material": "Goods Seized", "quantity": "Quantity", "unit": "Unit", "concealment": "Mode of Concealment", "storage_celsius": "Storage Temp C", "condition": "Condition"},
    "specimen": {"specimen_id": "Tube ID", "seizure_id": "Case No", "label": "Label", "tube_type": "Tube Type", "volume_ml": "Volume ml", "drawn_at": "Collection Date", "test": "Test Requested"},
    "organisation": {"org_name": "Company Name", "org_id": "Registration No", "representative_name": "Director", "representative_document": "Director ID", "address": "Registered Office", "phone": "Telephone", "business_scope": "Nature of Business", "established": "Date of Incorporation", "status": "Status", "licence": "Licence"},
    "subscriber": {"identifier_type": "Identifier Type", "identifier": "Identifier", "holder_name": "Registered To", "holder_document": "ID Document", "holder_org_id": "Company Reg No", "address": "Address"},
    "contact": {"from_identifier": "Calling Number", "to_identifier": "Called Number", "contacted_at": "Call Time", "medium": "Type", "duration_s": "Duration (s)"},
}
