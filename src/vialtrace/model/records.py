"""The twelve record kinds: the contract between a folder of files and a case.

Every record table has ``row_id`` as its key, the fields of its kind, and ``is_day_only``, which is true where the
record's own time came as a date without a time of day.
"""

from __future__ import annotations

from vialtrace.errors import UnknownName
from vialtrace.model.spec import Column, Table


def _field(
    name: str, kind: str, english: str, chinese: str, synonyms: str = "", *,
    required: bool = False, sensitive: bool = False, ftm: str = "", help: str = "",  # noqa: A002
) -> Column:
    """One field of a record kind; ``synonyms`` is a list with ``|`` between headers seen in real files."""
    return Column(
        name, kind, help or f"{english}.", (english, chinese), required=required, sensitive=sensitive, ftm=ftm,
        synonyms=tuple(part for part in synonyms.split("|") if part),
    )


def _record(name: str, english: str, chinese: str, help: str, own_time: str, *fields: Column,  # noqa: A002
            one_of: tuple[str, ...] = ()) -> Table:
    return Table(
        name, help,
        (
            Column("row_id", "row_id", "The source row.", ("row", "来源行"), key=True),
            *fields,
            Column("is_day_only", "flag", f"Whether {own_time} came as a date without a time of day.", ("day only", "仅有日期")),
        ),
        made_by="ingest", label=(english, chinese), one_of=one_of,
    )


_ALL = (
    _record(
        "post", "post", "帖子", "A public post or advert.", "posted_at",
        _field("platform", "text", "platform", "平台", "平台名称|site|app|来源平台|渠道平台", required=True),
        _field("account", "handle", "account", "账号", "发布账号|用户名|账户|博主|作者|handle|username|user|author|昵称|发布者|账号名称|profile|page|posted_by|nick|nickname|poster|uid|user_id|作者昵称|博主昵称|用户昵称|发帖人|up主|author_name|screen_name", required=True, ftm="UserAccount:username"),
        _field("posted_at", "time", "posted at", "发布时间", "发帖时间|时间|date|time|posted|post_time|publish_time|published_at|created_at|日期|posted_on|发表时间|发布日期", required=True),
        _field("text", "text", "text", "正文", "内容|文本|content|body|message|帖子内容|文案|发布内容|caption|post_text|message_text|post|advert|广告内容", required=True),
        _field("post_id", "text", "post id", "帖子编号", "帖子ID|id|内容ID|链接ID|note_id|postid|编号|序号"),
        _field("region", "text", "region", "地区", "省份|所在地|IP属地|location|province|城市|属地|ip|ip_location|ip归属地|发布地", sensitive=True),
        _field("url", "text", "address of the page", "链接", "网址|link|地址链接|URL|原文链接"),
    ),
    _record(
        "order", "order", "订单", "One test ordered, from an order sheet or a seized device.", "ordered_at",
        _field("ordered_at", "time", "ordered at", "下单时间", "下单日期|订单时间|登记时间|日期|order_date|order_time|date|time|录单时间|登记日期|预约时间|booked_on|建单时间|建单日期|成交日期|做单日期|booking_date|booked_at|开单时间|接单时间|报名时间|下单日", required=True),
        _field("service", "text", "service", "项目", "检测项目|服务项目|套餐|test|product|项目名称|服务|产品|item|检测类型|业务项目|test_name|package|panel|test_type|套餐名称|做什么|项目类别", required=True),
        _field("order_id", "text", "order id", "订单号", "订单编号|单号|编号|order_no|order_number|序号|id|booking_no|booking_id|登记号|流水"),
        _field("client_name", "name", "client name", "客户姓名", "姓名|客户|孕妇姓名|name|client|customer|patient|customer_name|受检者|受检人|顾客姓名|孕妈姓名", sensitive=True),
        _field("client_phone", "phone", "client phone", "客户电话", "电话|手机|手机号|联系电话|phone|mobile|tel|客户手机|customer_phone|联系方式|受检人电话|contact_no|contact_number|contact|cell|whatsapp|联系号码", sensitive=True),
        _field("client_handle", "handle", "client handle", "客户微信", "微信|微信号|客户账号|wechat|client_wechat|customer_wechat", sensitive=True),
        _field("client_region", "text", "client region", "客户地区", "省份|地区|省市|所在地|region|province|city|客户所在地|state|district", sensitive=True),
        _field("price", "money", "price", "价格", "金额|费用|收费|单价|amount|fee|price_cny|收款金额|实收|应收|rate|charges|cost|paid_amount|成交价|已收|收款|实付"),
        _field("currency", "currency", "currency", "币种", "货币|ccy|币别|货币代码|currency_code|cur"),
        _field("agent_name", "name", "agent name", "代理姓名", "代理|代理人|业务员|agent|seller|介绍人|中介|渠道|agent_name|销售|referred_by|referrer|referral|referral_by|introduced_by|介绍|推荐人|来源人|上级"),
        _field("agent_phone", "phone", "agent phone", "代理电话", "代理手机|业务员电话|agent_mobile|代理联系电话|介绍人电话|seller_phone"),
        _field("agent_handle", "handle", "agent handle", "代理微信", "代理账号|代理微信号|agent_wechat|业务员微信|seller_handle|代理ID"),
        _field("waybill_no", "waybill_no", "waybill number", "运单号", "快递单号|快递号|物流单号|tracking_no|tracking|express_no|运单编号|寄件单号|waybill|awb|awb_no|courier_no|docket_no|快递|courier_ref|courier_reference|parcel_no|parcel|shipment|单号|寄出单号|顺丰单号|运单"),
        _field("drawn_at", "time", "drawn at", "采血时间", "抽血时间|采样时间|采集时间|draw_time|draw_date|collected_at|采血日期|抽血日期|drawn|draw_on|sample_date|采样日期|抽血日|sample_drawn|sample_drawn_on|collected"),
        _field("specimen_label", "text", "specimen label", "样本标签", "管号|样本编号|标签|条码|label|barcode|tube_no|specimen_no|样本号|tube_label|管标|标签号|tube", sensitive=True),
    ),
    _record(
        "waybill", "waybill", "运单", "One parcel.", "accepted_at",
        _field("waybill_no", "waybill_no", "waybill number", "运单号", "运单编号|快递单号|物流单号|单号|tracking_no|tracking_number|tracking|waybill|awb|面单号|母单号|consignment_no|邮件号|awb_no|docket_no|consignment|air_waybill|tracking_id|shipment_no|单据号|运单|快件单号|面单|mailno|mail_no|waybillno|billno|bill_no|bill_code|快递号|包裹号|parcel_no|包裹单号", required=True),
        _field("accepted_at", "time", "accepted at", "收寄时间", "揽收时间|寄件时间|寄件日期|收件时间|发货时间|收寄日期|揽件时间|accept_time|pickup_time|ship_date|date|shipped_at|下单时间|寄出时间|posting_date|pickup_date|pickup_at|booking_date|booked_on|dispatch_date|despatch_date|manifest_date|picked_up|揽收日期|收寄|揽收|寄出日期|寄送时间|时间|日期|time|created_at|create_time|建单时间|order_time", required=True),
        _field("carrier", "text", "carrier", "快递公司", "承运商|物流公司|快递|courier|carrier_name|company|承运人"),
        _field("delivered_at", "time", "delivered at", "签收时间", "派送时间|妥投时间|送达时间|签收日期|delivery_time|delivery_date|received_at|派件时间|delivered_on|delivered|pod_date|pod_time|签收|派送日期|妥投日期|送达日期"),
        _field("sender_name", "name", "sender name", "寄件人", "寄件人姓名|发件人|发件人姓名|寄方姓名|寄件联系人|sender|from_name|shipper|shipper_name|寄件客户", ftm="Person:name"),
        _field("sender_phone", "phone", "sender phone", "寄件人电话", "寄件电话|寄件人手机|发件人电话|寄方电话|寄件手机|发件电话|sender_tel|from_phone|shipper_phone|sender_mobile|寄件人联系电话|寄件联系电话|发件人手机"),
        _field("sender_address", "address", "sender address", "寄件地址", "寄件人地址|发件地址|发件人地址|寄方地址|sender_addr|from_address|shipper_address|寄件详细地址|始发地址|寄出地|寄件地|始发地|发件地|发货地|sent_from|origin_city"),
        _field("receiver_name", "name", "receiver name", "收件人", "收件人姓名|收货人|收方姓名|收件联系人|联系人|receiver|recipient|to_name|consignee|recipient_name|consignee_name|收件客户|签收人|代收人|signed_by|received_by", ftm="Person:name"),
        _field("receiver_phone", "phone", "receiver phone", "收件人电话", "收件电话|收件人手机|收货电话|收方电话|收件手机|手机号码|联系电话|receiver_tel|recipient_phone|to_phone|consignee_phone|receiver_mobile|收件人联系电话|收货人电话|收件联系电话"),
        _field("receiver_address", "address", "receiver address", "收件地址", "收件人地址|收货地址|收方地址|收件详细地址|receiver_addr|recipient_address|to_address|consignee_address|派送地址|目的地址|收货人地址|目的地|派送地|收件地|收货地|送达地|destination_city"),
        _field("contents", "text", "declared contents", "托寄物内容", "托寄物|内件品名|物品名称|品名|托物|托寄内容|内件|goods|content|item|description|contents_declared|货物名称|物品|declared_contents|寄托物|description_of_goods|commodity|item_description|nature_of_goods|goods_description|declared_content|内件信息|寄托物品|寄递物品|申报品名|物品内容"),
        _field("weight_g", "number", "weight in grams", "重量(克)", "重量|实际重量|计费重量|weight|重量(g)|重量(kg)|实际重量(kg)|weight_kg|重量g|毛重|重量（克）|重量KG|下单重量(kg)|计费重量(kg)|wt|weight_in_grams|actual_weight|chargeable_weight|重量千克|克重|计费重|实重|重|重g|净重|称重|结算重量|gross_weight|net_weight"),
        _field("pieces", "integer", "pieces", "件数", "数量|pcs|number_of_pieces|托寄物数量|包裹件数|n_pieces"),
        _field("service", "text", "service", "业务类型", "产品类型|服务类型|时效|product|service_type|运输方式|快件类型"),
        _field("freight", "money", "freight", "运费", "邮费|快递费|费用|freight_charge|postage|shipping_fee|运费(元)|应收运费|charges|charge|运费元|收费"),
        _field("currency", "currency", "currency", "币种", "货币|ccy|币别|货币代码|currency_code|cur"),
    ),
    _record(
        "payment", "payment", "交易", "One transfer.", "paid_at",
        _field("paid_at", "time", "paid at", "交易时间", "付款时间|转账时间|支付时间|时间|日期|交易日期|date|time|timestamp|transaction_time|transaction_date|paid|value_date|记账时间|booking_date|入账时间|txn_date|txn_time|txn_datetime|transaction_datetime|posting_date|completed_at|发生时间|记账日期|付款日期|支付日期|交易日|转账日期", required=True, ftm="Payment:date"),
        _field("payer_account", "account", "payer account", "付款账号", "付款方账号|付款人账号|付款账户|转出账号|汇款账号|from_account|payer|sender_account|debit_account|source_account|付款卡号|转出账户|交易卡号|orig_account|sourcenodeid|from|from_account_no|debit_account_no", required=True, ftm="Payment:payerAccount"),
        _field("payee_account", "account", "payee account", "收款账号", "收款方账号|收款人账号|收款账户|转入账号|to_account|payee|beneficiary_account|receiver_account|credit_account|target_account|收款卡号|转入账户|交易对手账卡号|dest_account|targetnodeid|to|to_account_no|credit_account_no", required=True, ftm="Payment:beneficiaryAccount"),
        _field("amount", "money", "amount", "金额", "交易金额|转账金额|付款金额|value|amt|sum|金额(元)|金额（元）|交易额|支付金额|transaction_amount|发生额|txn_amount|amount_inr|amount_cny|transferred|交易金额元|支付额", required=True, ftm="Payment:amount"),
        _field("currency", "currency", "currency", "币种", "货币|交易币种|ccy|币别|货币代码|currency_code|cur", ftm="Payment:currency"),
        _field("payment_id", "text", "payment id", "交易流水号", "流水号|交易单号|交易号|订单号|transaction_id|txn_id|reference|ref|id|交易编号|payment_no|参考号|utr|rrn|txn_ref|ref_no|reference_no|transaction_reference|bank_reference|业务流水号|凭证号码"),
        _field("payer_name", "name", "payer name", "付款人", "付款方|付款人姓名|付款方名称|付款户名|转出户名|payer_name|from_name|sender_name|debtor_name|付款人名称|付款方户名|debtor"),
        _field("payee_name", "name", "payee name", "收款人", "收款方|收款人姓名|收款方名称|收款户名|转入户名|payee_name|to_name|beneficiary|beneficiary_name|creditor_name|对手户名|收款人名称|收款方户名|creditor"),
        _field("channel", "text", "channel", "交易渠道", "渠道|支付方式|交易方式|method|payment_method|交易类型|type"),
        _field("memo", "text", "memo", "附言", "备注|摘要|摘要说明|用途|留言|note|remark|remarks|description|purpose|交易备注|转账备注|交易摘要|message|narration|particulars|付款用途|交易附言"),
    ),
    _record(
        "crossing", "crossing", "出入境记录", "One traveller across a border once.", "crossed_at",
        _field("document_no", "document", "document number", "证件号码", "证件号|通行证号|护照号|document|passport_no|passport|travel_document|id_no|证件编号|document_number|doc_no|旅行证件号码|travel_document_no|travel_doc_no|证照号码|护照号码|通行证号码|出入境证件号码|passport_number", required=True),
        _field("crossed_at", "time", "crossed at", "出入境时间", "通关时间|出入境日期|过关时间|日期|时间|date|time|crossing_time|crossing_date|crossed|查验时间|datetime|date_time|movement_date|travel_date|passage_time|验放时间|通行时间|边检时间", required=True),
        _field("direction", "direction", "direction", "出境/入境", "出入境|方向|出入境类型|出入境标识|in_out|type|direction_of_travel|出/入境|出入境类别|进出|arrival_departure|arr_dep|movement|entry_exit|出入|进出境|出境入境|进出标志|进出境标志|出入境标志|进出境类型|出入标志|in/out|inout_flag|exit_or_entry|entry_or_exit|direction_code|进出方向", required=True),
        _field("traveller_name", "name", "traveller name", "姓名", "旅客姓名|name|traveler_name|passenger|passenger_name|full_name|中文姓名|持证人|traveler|pax_name|surname_and_given_names|名字"),
        _field("birth_date", "date", "birth date", "出生日期", "出生年月|生日|dob|date_of_birth|birthday|born", sensitive=True),
        _field("nationality", "text", "nationality", "国籍", "国家地区|国籍地区|country|citizenship|nationality_code|国家/地区", sensitive=True),
        _field("port", "text", "port", "口岸", "出入境口岸|通关口岸|port_name|checkpoint|border_post|出入口岸|port_of_entry|port_of_crossing|check_post|icp|airport|验放口岸|control_point|border_crossing_point|过关口岸|口岸名称|通行口岸|进出口岸|出入境地点|关口|crossing_point|border_point|port_of_exit"),
        _field("mode", "text", "mode", "交通方式", "运输方式|通关方式|出行方式|transport|mode_of_transport|交通工具类型|通行方式"),
        _field("vehicle_no", "text", "vehicle number", "车牌号", "车牌|交通工具|航班号|车号|plate|vehicle|flight_no|交通工具号|车次|vehicle_plate"),
    ),
    _record(
        "declaration", "declaration", "报关单", "One line of a customs export declaration.", "declared_at",
        _field("declaration_no", "text", "declaration number", "报关单号", "海关编号|报关单编号|预录入编号|declaration_id|declaration|entry_no|customs_no|申报单号|declaration_number|sb_no|shipping_bill_no|shipping_bill|bill_of_export|报关号|关单号|单号", required=True),
        _field("declared_at", "time", "declared at", "申报日期", "申报时间|出口日期|date|declaration_date|export_date|报关日期|declared|日期|sb_date|shipping_bill_date|filing_date|leo_date", required=True),
        _field("goods", "text", "goods", "商品名称", "品名|货物名称|商品名称及规格型号|商品名称及规格|description|goods_description|commodity|货名|申报品名|description_of_goods|item_description|product_description|货物描述|商品描述"),
        _field("hs_code", "text", "HS code", "商品编号", "商品编码|HS编码|税号|hs|hs6_code|tariff_code|commodity_code|税则号|hscode|itc_hs|ritc|cth"),
        _field("exporter_name", "name", "exporter name", "境内发货人", "发货人|出口商|出口企业|经营单位|exporter|shipper|consignor|发货单位|生产销售单位|申报企业"),
        _field("exporter_id", "org_id", "exporter id", "发货人统一社会信用代码", "统一社会信用代码|企业代码|发货人代码|exporter_code|exporter_no|declarant_id|社会信用代码|企业信用代码|境内发货人代码|iec|iec_code|gstin"),
        _field("consignee_name", "name", "consignee name", "境外收货人", "收货人|consignee|buyer|importer_name|境外收件人|收货单位|foreign_consignee"),
        _field("destination", "text", "destination", "运抵国", "目的国|最终目的国|运抵国（地区）|country|destination_country|指运港|目的地|最终目的国（地区）|运抵国(地区)|目的国地区|dest|dest_country|country_of_destination|ship_to_country"),
        _field("quantity", "number", "quantity", "数量", "成交数量|qty|申报数量|数量1|数目"),
        _field("unit", "text", "unit", "单位", "计量单位|成交单位|uom|unit_of_measure|申报单位单位|uqc"),
        _field("value", "money", "value", "总价", "金额|货值|申报价值|成交总价|amount|total_value|item_price|fob|货物价值|fob_value|invoice_value"),
        _field("currency", "currency", "currency", "币制", "币种|货币|ccy|cur|curr"),
        _field("permit_no", "permit_no", "permit number", "许可证号", "许可证|批件号|审批单号|出境证明编号|licence_no|license_no|permit|随附单证编号|批准文号|许可证编号|noc_no|noc|许可编号"),
        _field("port", "text", "port", "出境关别", "离境口岸|口岸|出口口岸|关别|office_id|customs_office|port_of_export|出境口岸"),
        _field("waybill_no", "waybill_no", "waybill number", "提运单号", "运单号|提单号|分运单号|awb|bill_of_lading|waybill|tracking_no"),
        one_of=("goods", "hs_code"),
    ),
    _record(
        "permit", "permit", "许可", "One approval to export human biological material.", "valid_from",
        _field("permit_no", "permit_no", "permit number", "许可证号", "审批编号|批件号|出境证明编号|证明编号|permit|approval_no|licence_no|license_no|批准文号|审批单号|许可证编号|批准编号|noc_no|noc|authorisation_no|authorization_no|permission_no|certificate_no|批文号|approval|approval_number|approval_ref|permit_ref|licence|license|licence_number", required=True),
        _field("holder_name", "name", "holder name", "持有单位", "申请单位|申请人|单位名称|holder|applicant|持证单位|被许可人|holder_org|licensee|获批单位|permit_holder|licence_holder|license_holder|certificate_holder|issued_to|granted_to|grantee|approved_for", required=True),
        _field("holder_id", "org_id", "holder id", "统一社会信用代码", "信用代码|社会信用代码|单位代码|org_id|organisation_id|持有单位代码|holder_code|cin|iec|registration_no|holder_no|holder_reg_no"),
        _field("material", "text", "material", "材料名称", "材料类型|样本类型|物品名称|specimen_type|material_type|品名|生物样本类型|材料|sample_type|材料名称"),
        _field("quantity", "number", "quantity", "批准数量", "数量|qty|许可数量|approved_quantity|核准数量|approved_qty|批准数量|max_qty|maximum_quantity|max_quantity|qty_approved|quantity_approved|quantity_permitted|permitted_quantity|限量|数量上限|批准量"),
        _field("unit", "text", "unit", "单位", "计量单位|uom|数量单位|uqc"),
        _field("valid_from", "date", "valid from", "有效期起", "起始日期|生效日期|开始日期|start_date|issue_date|批准日期|有效期自|发证日期|issued|issued_on|date_of_issue"),
        _field("valid_to", "date", "valid to", "有效期止", "截止日期|失效日期|到期日期|end_date|expiry_date|expires|有效期至|有效截止日期|expiry|expires_on|valid_until"),
        _field("recipient_name", "name", "recipient name", "境外接收方", "接收单位|接收方|外方单位|recipient|receiver|合作单位|境外合作方|境外接收单位|foreign_recipient|recipient_laboratory|境外接收方"),
        _field("destination", "text", "destination", "目的地", "目的国|输往国家|国家地区|country|destination_country|输往国家（地区）|输往国家地区"),
        _field("authority", "text", "authority", "审批机关", "发证机关|批准机关|审批单位|issuer|issued_by|批准部门|issuing_authority"),
    ),
    _record(
        "seizure", "seizure", "查获", "One interception.", "seized_at",
        _field("seizure_id", "text", "seizure id", "查获编号", "案件编号|扣留单号|编号|案号|seizure_no|case_no|id|扣押编号|查获单号|seizure_number|case_id|seizure_ref|panchnama_no|memo_no|case_ref|case_number|查扣编号|扣押单号", required=True),
        _field("seized_at", "time", "seized at", "查获时间", "查获日期|扣留时间|日期|时间|date|time|seizure_date|扣押日期|seized|查扣时间|seized_on|date_of_seizure|intercepted_at|intercepted_on|截获时间|查获日|截获日期|time_of_seizure|detained_at|detained_on", required=True),
        _field("port", "text", "port", "查获口岸", "口岸|查获地点|地点|关别|location|place|checkpoint"),
        _field("document_no", "document", "carrier's document number", "证件号码", "携带人证件号|证件号|当事人证件号|passport_no|carrier_document|id_no|document|携带人证件|passport|travel_document|当事人证件|证件|证件编号|passport/id|id_number|travel_doc_no"),
        _field("carrier_name", "name", "carrier name", "携带人", "当事人|携带人姓名|姓名|carrier|person|offender|嫌疑人|name|旅客姓名"),
        _field("waybill_no", "waybill_no", "waybill number", "运单号", "快递单号|邮件号|tracking_no|waybill|物流单号|awb_no|awb|快件号"),
        _field("material", "text", "material", "物品名称", "物品|查获物品|品名|goods|item|goods_seized|seized_goods|items_seized|articles_seized|seized_items|nature_of_goods|substance|物品类别|货物名称|物品描述|description"),
        _field("quantity", "number", "quantity", "数量", "件数|支数|qty|数目|tubes|vials|n_tubes|管数"),
        _field("unit", "text", "unit", "单位", "计量单位|uom"),
        _field("concealment", "text", "concealment", "藏匿方式", "携带方式|隐匿方式|夹藏方式|how_concealed|藏匿手法|method|concealed_in|how_hidden|hidden_in|modus_operandi|藏匿方式|藏匿部位"),
        _field("condition", "text", "condition", "样本状态", "物品状态|状况|state|保存状况|外观|status|sample_condition|状态|样本状态|破损情况"),
        _field("storage_celsius", "number", "storage temperature, °C", "保存温度", "温度|temperature|temp_c|存储温度|temperature_c|storage_temp|storage_temperature|temp|存放温度|保存温度"),
        _field("infectious_result", "text", "infectious result", "传染病检测结果", "检测结果|传染病结果|infectious|test_result|marker_result|病原检测|infection|infection_test|screening|传染病检测|传染病|检出病原"),
    ),
    _record(
        "specimen", "specimen", "样本", "One tube or vial of a seizure.", "drawn_at",
        _field("specimen_id", "text", "specimen id", "样本编号", "管号|编号|样品编号|specimen_no|tube_no|tube_id|sample_id|id|exhibit|exhibit_no|vial_no|检材编号|检材号|样管编号", required=True),
        _field("seizure_id", "text", "seizure id", "查获编号", "案件编号|扣留单号|seizure_no|case_no|扣押编号|所属查获|case_id|case_ref|case_number|seizure_number|seizure_ref|查扣编号|案号|扣押单号|查获编号", required=True),
        _field("label", "text", "label", "标签", "标签内容|管壁标签|label_text|标签文字|tube_label|marking|markings|written_on|管标|管壁标注", sensitive=True),
        _field("tube_type", "text", "tube type", "管型", "采血管类型|试管类型|container|tube|管类型|tube_kind|管型|管类"),
        _field("volume_ml", "number", "volume, ml", "容量(ml)", "容量|体积|volume|ml|血量|容量ml|体积(ml)"),
        _field("drawn_at", "time", "drawn at", "采血时间", "采样时间|采集时间|抽血时间|draw_date|collected_at|采血日期|drawn|drawn_on|采样日期|抽血日期"),
        _field("condition", "text", "condition", "样本状态", "状态|状况|state|保存状况|完好情况|status|样本状态"),
        _field("temperature_celsius", "number", "temperature, °C", "温度", "temperature|temp_c|样本温度|temperature_c|temp|温度|存放温度"),
        _field("test", "text", "test", "检测项目", "检验项目|项目|assay|test_name|化验项目|test_performed|examination|检测项目"),
        _field("result", "text", "result", "检测结果", "结果|检验结果|outcome|test_result|化验结果|finding|lab_result|检测结果"),
    ),
    _record(
        "organisation", "organisation", "企业登记", "One entry of a company or laboratory register.", "established",
        _field("org_name", "name", "name", "企业名称", "公司名称|名称|单位名称|机构名称|company|company_name|organisation_name|name|organization|法人名称|firm|entity", required=True, ftm="Organization:name"),
        _field("org_id", "org_id", "registration number", "统一社会信用代码", "信用代码|注册号|社会信用代码|registration_no|uscc|reg_no|company_no|登记号|organisation_id|机构代码|cin|company_number|gstin|uen|br_no", ftm="Organization:registrationNumber"),
        _field("representative_name", "name", "representative name", "法定代表人", "法人|法人代表|负责人|representative|director|legal_representative|法人姓名|legal_rep"),
        _field("representative_document", "document", "representative's document", "法定代表人证件号", "法人身份证|法人证件号码|法人证件号|representative_id|director_id|法人身份证号|法定代表人身份证号|legal_rep_id"),
        _field("address", "address", "address", "住所", "地址|注册地址|经营地址|registered_address|企业地址|company_address|所在地址|registered_office|office", ftm="Organization:address"),
        _field("phone", "phone", "phone", "联系电话", "电话|企业电话|tel|telephone|contact_phone|手机|mobile|contact_no", ftm="Organization:phone"),
        _field("business_scope", "text", "business scope", "经营范围", "业务范围|主营业务|scope|business|经营项目|activities|activity|nature_of_business|objects|principal_activity|经营业务"),
        _field("established", "date", "established", "成立日期", "注册日期|设立日期|established_date|founded|registration_date|成立时间|date_of_incorporation|incorporated_on|incorporated|registered_on", ftm="Organization:incorporationDate"),
        _field("status", "text", "status", "登记状态", "经营状态|状态|企业状态|company_status|存续状态", ftm="Organization:status"),
        _field("licence", "text", "licence", "许可资质", "许可证|资质|执业许可|license|许可|医疗机构执业许可证|qualification|资质证书|accreditation|licences|licenses|registration_held|licence_no|license_no|licence_number"),
    ),
    _record(
        "subscriber", "subscriber", "机主登记", "Who holds an identifier.", "valid_from",
        _field("identifier_type", "identifier_type", "identifier type", "标识类型", "类型|号码类型|账号类型|type|id_type|标识类别|kind|标识类型", required=True),
        _field("identifier", "identifier", "identifier", "标识", "号码|账号|号码/账号|value|number|账户|标识值|标识号码|identifier_value|msisdn|标识|手机号码|手机号|用户号码|服务号码|电话号码|phone_number|mobile_number", required=True),
        _field("holder_name", "name", "holder name", "持有人", "机主|户名|姓名|开户人|holder|owner|name|机主姓名|持有人姓名|注册姓名|开户名|owner_name|registered_to|subscriber_name|登记人|实名|客户姓名|客户名称|用户姓名|用户名称|account_holder"),
        _field("holder_document", "document", "holder's document", "证件号码", "身份证号|证件号|开户证件号|holder_id|id_no|document|机主证件号|注册身份证号|开户人证件号码|owner_id|id_number|kyc_id|实名证件"),
        _field("holder_org_id", "org_id", "holder's registration number", "持有单位代码", "统一社会信用代码|单位代码|信用代码|org_id|holder_org|企业代码"),
        _field("address", "address", "address", "地址", "登记地址|住址|联系地址|addr|通讯地址|holder_address|证件地址|装机地址|户籍地址|单位地址"),
        _field("valid_from", "date", "valid from", "开户日期", "起始日期|入网日期|开通日期|start_date|opened|注册时间|开户时间|登记日期|since|入网时间|开通时间|activation_date|activated"),
        _field("valid_to", "date", "valid to", "销户日期", "截止日期|终止日期|离网日期|end_date|closed|注销日期|until|销号日期|离网时间|销户时间|deactivated|deactivation_date"),
    ),
    _record(
        "contact", "contact", "联络记录", "One call or message, its metadata only.", "contacted_at",
        _field("from_identifier", "identifier", "from", "主叫", "主叫号码|发送方|发起方|caller|from|calling_number|calling_no|calling|主叫方|a_number|sender|本方号码|a_party|calling_party|caller_number|originating_number|sender_id|from_id|from_user|from_number|发送人|发送者|发信人|发信方|源号码", required=True),
        _field("to_identifier", "identifier", "to", "被叫", "被叫号码|接收方|callee|to|called_number|called_no|called|被叫方|b_number|receiver|对方号码|b_party|called_party|dialled_number|terminating_number|receiver_id|recipient|recipient_id|to_id|to_user|to_number|接收人|接收者|收信人|收信方|目的号码", required=True),
        _field("contacted_at", "time", "contacted at", "通联时间", "通话时间|时间|开始时间|日期|date|time|call_time|start_time|发送时间|起始时间|通话开始时间|timestamp|call_start|call_date|call_start_time|start|呼叫时间|sent_at|sent|sent_time|message_time|begin_time|通信时间|拨打时间|短信时间", required=True),
        _field("medium", "text", "medium", "联络方式", "类型|通信类型|方式|type|channel|call_type|通联方式|呼叫类型|service_type|通信方式|业务类型|通话类型"),
        _field("duration_s", "number", "duration, s", "时长(秒)", "通话时长|时长|duration|seconds|通话时长(秒)|duration_seconds|时长秒|dur|dur_s|duration_sec|duration_s|call_duration|通话秒数|通话时长秒"),
    ),
)

RECORDS: dict[str, Table] = {each.name: each for each in _ALL}

OWN_TIME: dict[str, str] = {
    "post": "posted_at", "order": "ordered_at", "waybill": "accepted_at", "payment": "paid_at", "crossing": "crossed_at",
    "declaration": "declared_at", "permit": "valid_from", "seizure": "seized_at", "specimen": "drawn_at",
    "organisation": "established", "subscriber": "valid_from", "contact": "contacted_at",
}


def record(name: str) -> Table:
    """The record kind called ``name``.

    Raises:
        UnknownName: with the twelve kinds there are.
    """
    if name not in RECORDS:
        raise UnknownName("record kind", name, list(RECORDS))
    return RECORDS[name]
