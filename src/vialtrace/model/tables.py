"""Every table that a stage makes, in the order of the stages.

Lines of evidence (`evidence.line`) are the kinds of evidence that count as independent of each other; facets are the
three things a finding must show: the chain, the matter, and that no lawful ground covers it.
"""

from __future__ import annotations

from dataclasses import replace

from vialtrace.errors import UnknownName
from vialtrace.model.records import RECORDS
from vialtrace.model.spec import Column, Table

ROLES: dict[str, tuple[str, str]] = {
    "organiser": ("organiser", "组织者"),
    "recruiter": ("recruiter", "招揽人"),
    "collector": ("collector", "采集人"),
    "hub": ("hub keeper", "中转人"),
    "mule": ("mule", "携带人"),
    "treasurer": ("treasurer", "资金经手人"),
    "laboratory": ("laboratory", "检测机构"),
}

FACETS: dict[str, tuple[str, str]] = {
    "chain": ("the chain", "链条"),
    "matter": ("the matter", "涉案物"),
    "ground": ("lawful ground", "合法依据"),
}

LINES: dict[str, tuple[str, str]] = {
    "advert": ("adverts", "广告"),
    "order": ("order sheets", "订单"),
    "parcel": ("parcels", "包裹"),
    "payment": ("payments", "资金"),
    "payee_names": ("names on payments", "收付款人姓名"),
    "shared_clients": ("shared clients", "共同客户"),
    "coupling": ("timing", "时间关联"),
    "crossing": ("border crossings", "出入境"),
    "seizure": ("seizures", "查获"),
    "declaration": ("declarations and permits", "申报与许可"),
    "register": ("registers", "登记信息"),
    "contact": ("calls and messages", "通联"),
}

_ROW = Column("row_id", "row_id", "The source row.", ("row", "来源行"), key=True)
_PARTY = Column("party_id", "id", "The party.", ("party", "主体"), key=True, refers_to="party")
_EVIDENCE = Column("evidence_id", "id", "The claim.", ("claim", "证据"), key=True, refers_to="evidence")
_NETWORK = Column("network_id", "id", "The network.", ("network", "网络"), key=True, refers_to="network")


def _col(name: str, kind: str, help: str, english: str = "", chinese: str = "", *,  # noqa: A002
         key: bool = False, refers_to: str = "", sensitive: bool = False, ftm: str = "") -> Column:
    return Column(name, kind, help, (english or name.replace("_", " "), chinese or english or name), key=key,
                  refers_to=refers_to, sensitive=sensitive, ftm=ftm)


_SOURCES = (
    Table("source", "One sheet of one file as received.", (
        _col("source_no", "integer", "The order in which it was taken in, from 1.", "no.", "序号", key=True),
        _col("file", "text", "The file's name as received.", "file", "文件"),
        _col("sheet", "text", "The sheet's name in a workbook, else empty.", "sheet", "工作表"),
        _col("sha256", "text", "The file's SHA-256 digest.", "SHA-256", "SHA-256"),
        _col("kind", "word", "The record kind its mapping names.", "kind", "类别"),
        _col("n_bytes", "integer", "The file's size in bytes.", "bytes", "字节数"),
        _col("n_file_rows", "integer", "Rows in the file, header and titles included.", "rows in file", "文件行数"),
        _col("n_header_rows", "integer", "Header and title rows.", "header rows", "表头行数"),
        _col("n_rows", "integer", "Rows read as records.", "read", "读入"),
        _col("n_quarantined", "integer", "Rows that could not be read.", "quarantined", "隔离"),
        _col("n_set_aside", "integer", "Blank rows, totals and repeated headers.", "set aside", "搁置"),
        _col("n_duplicates", "integer", "Rows read that another row already holds.", "duplicates", "重复"),
        _col("n_field_issues", "integer", "Optional values that could not be read; their rows were kept.", "field issues", "字段问题"),
    ), made_by="ingest", label=("sources", "来源")),
    Table("quarantine", "A row that could not be read, and why.", (
        _ROW,
        _col("kind", "word", "The record kind.", "kind", "类别"),
        _col("field", "text", "The field at fault; empty where the whole row is.", "field", "字段"),
        _col("raw", "text", "The value as received.", "as received", "原始值", sensitive=True),
        _col("reason", "text", "Why it could not be read, and the way out.", "reason", "原因"),
    ), made_by="ingest", label=("quarantine", "隔离")),
    Table("set_aside", "A row that is no record: blank, a total, or a header repeated.", (
        _ROW, _col("reason", "text", "What the row is.", "reason", "原因"),
    ), made_by="ingest", label=("set aside", "搁置")),
    Table("stated", "What a file itself says about its rows: a count or a total, in its titles or below its records.", (
        _ROW,
        _col("measure", "word", "`count` of records, `total` of a field, or `unnamed` where nothing says which.", "measure", "统计项", key=True),
        _col("side", "word", "`in`, `out` or `other` for a statement of one holder; empty for all records.", "side", "方向", key=True),
        _col("field", "text", "The field that was added up; empty for a count.", "field", "字段", key=True),
        _col("value", "text", "The count, or the total in the field's own unit, as an exact decimal number.", "value", "数值"),
        _col("found", "text", "The same of the rows read; null where their side or the field is not known.", "read", "读入"),
        _col("raw", "text", "The text as received.", "as received", "原始值", sensitive=True),
    ), made_by="ingest", label=("stated totals", "文件自述")),
    Table("field_issue", "An optional value that could not be read, or the missing end of a row; the row was kept without it.", (
        _ROW,
        _col("kind", "word", "The record kind.", "kind", "类别"),
        _col("field", "text", "The field; empty where the row ends before its last field.", "field", "字段", key=True),
        _col("raw", "text", "The value as received; of a row that ends early, the row.", "as received", "原始值", sensitive=True),
        _col("reason", "text", "Why it could not be read.", "reason", "原因"),
    ), made_by="ingest", label=("field issues", "字段问题")),
    Table("duplicate", "A row that delivers a record a second time: which row stands for it.", (
        _ROW,
        _col("kind", "word", "The record kind.", "kind", "类别"),
        _col("same_as", "row_id", "The row that is kept for this record.", "same as", "同于"),
        _col("identity", "word", "How it is known: by its whole `content`, by its `number`, or by `likeness` (time, amount, accounts).", "known by", "认定依据"),
    ), made_by="ingest", label=("duplicates", "重复")),
    Table("disagreement", "A value in a row delivered again that is not what its record holds.", (
        _ROW,
        _col("kind", "word", "The record kind.", "kind", "类别"),
        _col("field", "text", "The field.", "field", "字段", key=True),
        _col("kept", "text", "The value of the record.", "kept", "采用值", sensitive=True),
        _col("other", "text", "The value of this row.", "other", "另一值", sensitive=True),
    ), made_by="ingest", label=("disagreements", "出入")),
)

_COMPARABLE = (
    _col("profile_no", "integer", "The profile that stands for all of its group that show the same.", "profile", "档案", key=True, refers_to="profile"),
    _col("group_no", "integer", "The group.", "group", "组"),
    _col("row_id", "row_id", "The first of its rows.", "row", "来源行"),
    _col("name_key", "text", "As in `spelling`.", "name key", "姓名键", sensitive=True),
    _col("label", "text", "As in `spelling`.", "label", "读音", sensitive=True),
    _col("starts", "text", "As in `spelling`.", "starts", "开头", sensitive=True),
    _col("ends", "text", "As in `spelling`.", "ends", "结尾", sensitive=True),
    _col("phone", "phone", "Phone.", "phone", "电话", sensitive=True),
    _col("address", "address", "Address in one form.", "address", "地址", sensitive=True),
    _col("birth_on", "date", "Date of birth, read for identity only.", "born", "出生日期", sensitive=True),
    _col("document", "document", "Document.", "document", "证件", sensitive=True),
    _col("phone_head", "text", "Visible digits before the stars.", "head", "前段", sensitive=True),
    _col("phone_tail", "text", "Visible digits after the stars.", "tail", "后段", sensitive=True),
)

_RESOLVE = (
    Table("address_form", "A writing of an address, and the place it stands for.", (
        _col("written", "address", "As it is written, cleaned.", "written", "写法", key=True, sensitive=True),
        _col("form", "address", "In one form: blanks, commas and wide letters apart.", "form", "归一写法", sensitive=True),
        _col("place_id", "id", "The place: one for every writing of one address.", "place", "地点", refers_to="place"),
        _col("address", "address", "The commonest of its writings, under which it is shown.", "address", "地址", sensitive=True),
        _col("region", "region", "ISO 3166-2 code of its region; null where unknown.", "region", "地区"),
        _col("city", "text", "City, also where only other writings of the address give it.", "city", "城市"),
        _col("district", "text", "District, likewise.", "district", "区县"),
        _col("n_rows", "integer", "Rows with this writing.", "rows", "行数"),
    ), made_by="resolve", label=("writings of addresses", "地址写法")),
    Table("spelling", "A name as it is written, and what it can be compared by.", (
        _col("name", "name", "The name.", "name", "姓名", key=True, sensitive=True),
        _col("name_key", "text", "Without blanks and punctuation, lower case.", "name key", "姓名键", sensitive=True),
        _col("label", "text", "The sound of a full name: its romanised form; null for a partial one.", "label", "读音", sensitive=True),
        _col("is_partial", "flag", "Whether it is masked, or a surname with a title.", "partial", "不完整"),
        _col("starts", "text", "What a partial name starts with.", "starts", "开头", sensitive=True),
        _col("ends", "text", "What a partial name ends with.", "ends", "结尾", sensitive=True),
        _col("is_organisation", "flag", "Whether its words are those of an organisation.", "organisation", "单位"),
    ), made_by="resolve", label=("spellings", "写法")),
    Table("profile", "A distinct set of identifiers seen together in one kind of place.", (
        _col("profile_no", "integer", "Its number in this run: its place in the order of ids.", "profile", "档案", key=True),
        _col("profile_id", "id", "A digest of all it says, the same in every run.", "profile id", "档案编号"),
        _col("slot", "word", "Where, as in `mention`.", "slot", "位置"),
        _col("name", "name", "Name.", "name", "姓名", sensitive=True),
        _col("is_name_from_register", "flag", "Whether the name is the one the register gives for the identifier on that day.", "registered", "取自登记"),
        _col("phone", "phone", "Phone.", "phone", "电话", sensitive=True),
        _col("document", "document", "Document.", "document", "证件", sensitive=True),
        _col("account", "account", "Account.", "account", "账户", sensitive=True),
        _col("handle", "handle", "Handle.", "handle", "账号", sensitive=True),
        _col("org_id", "org_id", "Registration number.", "registration number", "登记号", sensitive=True),
        _col("vehicle", "text", "Vehicle number.", "vehicle", "车牌", sensitive=True),
        _col("address", "address", "Address, as its place is shown.", "address", "地址", sensitive=True),
        _col("place_id", "id", "The place it stands for.", "place", "地点", refers_to="place"),
        _col("birth_on", "date", "Date of birth, read for identity only.", "born", "出生日期", sensitive=True),
        _col("context", "text", "What keeps a bare name apart from the same name elsewhere: its row; for an agent, the sheet.", "context", "语境"),
        _col("n_rows", "integer", "Rows with it.", "rows", "行数"),
        _col("first_on", "date", "Day of the first row.", "first", "最早"),
        _col("last_on", "date", "Day of the last row.", "last", "最晚"),
        _col("row_id", "row_id", "The first of its rows.", "row", "来源行"),
    ), made_by="resolve", label=("profiles", "档案")),
    Table("name_use", "A name seen with an identifier.", (
        _col("identifier_type", "word", "As in `party_identifier`.", "type", "类型", key=True),
        _col("value", "identifier", "The identifier.", "value", "值", key=True, sensitive=True),
        _col("name_key", "text", "The name in one form; empty where the identifier stands without a name.", "name key", "姓名键", key=True, sensitive=True),
        _col("label", "text", "The one name it stands for among those seen with the identifier; empty for none.", "label", "归一姓名", sensitive=True),
        _col("is_registered", "flag", "Whether a register names it as holder.", "registered", "已登记"),
        _col("is_used", "flag", "Whether a row other than a register's names it.", "used", "已使用"),
        _col("n_labels", "integer", "Different names seen with the identifier.", "names", "姓名数"),
        _col("n_used", "integer", "Different names used with it outside registers.", "names used", "使用姓名数"),
        _col("n_registered", "integer", "Different holders in registers.", "holders", "登记人数"),
        _col("n_values", "integer", "Identifiers of this type the name is seen with.", "identifiers", "标识数"),
        _col("n_known", "integer", "Identifiers of this type in all.", "known", "总数"),
        _col("n_rows", "integer", "Rows.", "rows", "行数"),
    ), made_by="resolve", label=("names in use", "使用姓名")),
    Table("hold", "An identifier that a profile holds, as far as it can join.", (
        _col("profile_no", "integer", "The profile.", "profile", "档案", key=True, refers_to="profile"),
        _col("identifier_type", "word", "As in `party_identifier`.", "type", "类型", key=True),
        _col("node", "text", "The identifier, with the name or place that narrows it where many share it.", "node", "节点", key=True, sensitive=True),
        _col("value", "identifier", "The identifier.", "value", "值", sensitive=True),
        _col("weight", "weight", "log10 of how many times likelier two profiles share it if they are one party.", "weight", "权重"),
        _col("person", "text", "A number or date of birth one person has only one of.", "person", "人身标识", sensitive=True),
    ), made_by="resolve", label=("ties", "关联")),
    Table("decided", "Two identifiers that a person's decision joins or keeps apart.", (
        _col("node", "text", "The one, as in `hold`.", "node", "节点", key=True, sensitive=True),
        _col("other_node", "text", "The other.", "other", "另一节点", key=True, sensitive=True),
        _col("act", "word", "`merge` or `split`.", "act", "决定", key=True),
    ), made_by="resolve", label=("identifiers decided on", "已决标识")),
    Table("joint", "An identifier that can join profiles or forbid a join, and its number.", (
        _col("node", "text", "The identifier, as in `hold`.", "node", "节点", key=True, sensitive=True),
        _col("node_no", "integer", "Its number in this run: its place in the order of these identifiers.", "number", "序号"),
    ), made_by="resolve", label=("joints", "连接点")),
    Table("link", "A tie that can join profiles or forbid a join.", (
        _col("profile_no", "integer", "The profile.", "profile", "档案", key=True, refers_to="profile"),
        _col("node_no", "integer", "The identifier, as in `joint`.", "node", "节点", key=True),
        _col("weight", "weight", "As in `hold`.", "weight", "权重"),
        _col("person", "text", "As in `hold`.", "person", "人身标识", sensitive=True),
    ), made_by="resolve", label=("links", "连接")),
    Table("ruling", "Two identifiers of `joint` that a person's decision joins or keeps apart.", (
        _col("node_no", "integer", "The one.", "node", "节点", key=True),
        _col("other_node_no", "integer", "The other.", "other", "另一节点", key=True),
        _col("act", "word", "`merge` or `split`.", "act", "决定", key=True),
    ), made_by="resolve", label=("rulings", "裁定")),
    Table("grouping", "The group of profiles that strong identifiers hold together.", (
        _col("profile_no", "integer", "The profile.", "profile", "档案", key=True, refers_to="profile"),
        _col("group_no", "integer", "The first profile of its group.", "group", "组"),
    ), made_by="resolve", label=("groups", "分组")),
    Table("comparable", "What of a group of profiles can be compared.", _COMPARABLE, made_by="resolve", label=("comparables", "可比项")),
    Table("candidate", "Two profiles that agree in enough to be compared.", (
        _col("profile_no", "integer", "The one.", "profile", "档案", key=True, refers_to="profile"),
        _col("other_profile_no", "integer", "The other.", "other", "另一档案", key=True, refers_to="profile"),
        _col("reason", "word", "What they agree in: `masked_phone`, `address` or `birth`.", "reason", "依据"),
    ), made_by="resolve", label=("candidates", "候选对")),
    Table("paired", "What can be compared of a profile that is in a pair of `candidate`, and how common it is.", (
        *_COMPARABLE,
        _col("prior", "probability", "The chance that any two groups are one party.", "prior", "先验"),
        _col("tf_label", "share", "Share of groups with such a name.", "name share", "姓名占比"),
        _col("tf_phone", "share", "Share of groups with the phone.", "phone share", "电话占比"),
        _col("tf_address", "share", "Share of groups with the address.", "address share", "地址占比"),
    ), made_by="resolve", label=("paired profiles", "成对档案")),
    Table("likeness", "Two profiles alike enough to be one party.", (
        _col("profile_no", "integer", "The one.", "profile", "档案", key=True, refers_to="profile"),
        _col("other_profile_no", "integer", "The other.", "other", "另一档案", key=True, refers_to="profile"),
        _col("match_weight", "weight", "log10 of how many times likelier the likeness is for one party than for two.", "weight", "权重"),
        _col("explanation", "text", "The reason as a sentence.", "why", "理由"),
        _col("row_id", "row_id", "A row that shows it.", "row", "来源行"),
        _col("other_row_id", "row_id", "The other row.", "other row", "另一行"),
    ), made_by="resolve", label=("likenesses", "相似")),
    Table("component", "The group of profiles that identifiers, likeness and decisions hold together.", (
        _col("profile_no", "integer", "The profile.", "profile", "档案", key=True, refers_to="profile"),
        _col("group_no", "integer", "The first profile of its group.", "group", "组"),
    ), made_by="resolve", label=("components", "连通组")),
    Table("cut_link", "A tie given up, by number.", (
        _col("profile_no", "integer", "The profile.", "profile", "档案", key=True, refers_to="profile"),
        _col("node_no", "integer", "The identifier, as in `joint`.", "node", "节点", key=True),
    ), made_by="resolve", label=("cut links", "切断的连接")),
    Table("cut_hold", "A tie given up because it would make one party of two people.", (
        _col("profile_no", "integer", "The profile.", "profile", "档案", key=True, refers_to="profile"),
        _col("node", "text", "The identifier, as in `hold`.", "node", "节点", key=True, sensitive=True),
    ), made_by="resolve", label=("cut ties", "切断的关联")),
    Table("belonging", "The party that a profile belongs to.", (
        _col("profile_no", "integer", "The profile.", "profile", "档案", key=True, refers_to="profile"),
        _col("party_id", "id", "The party.", "party", "主体", refers_to="party"),
    ), made_by="resolve", label=("belongings", "归属")),
    Table("party_decision", "A person's decision that two parties are one, or one is two.", (
        _col("party_a", "id", "The one: a party's id, or the id any of its identifiers would give it.", "one", "甲", key=True),
        _col("party_b", "id", "The other, likewise.", "other", "乙", key=True),
        _col("act", "word", "`merge` or `split`.", "act", "决定"),
    ), made_by="actions", label=("decisions on identity", "身份决定")),
    Table("mention", "A place in a row where a party or a place is named.", (
        _ROW,
        _col("slot", "word", "Where in the row, as kind.part: `waybill.sender`, `payment.payee`, `crossing.traveller`.", "slot", "位置", key=True),
        _col("party_id", "id", "The party named there; null where nothing names one.", "party", "主体", refers_to="party"),
        _col("place_id", "id", "The place named there; null where nothing names one.", "place", "地点", refers_to="place"),
        _col("name_key", "text", "The name in one form, simplified and without blanks; null where there is none.", "name key", "姓名键", sensitive=True),
    ), made_by="resolve", label=("mentions", "提及")),
    Table("masked_value", "A value that arrived partly hidden: masked by who sent the file, or a surname with a courtesy.", (
        _ROW,
        _col("field", "text", "The field.", "field", "字段", key=True),
        _col("slot", "word", "Where in the row, as in `mention`.", "slot", "位置"),
        _col("identifier_type", "word", "As in `party_identifier`.", "type", "类型"),
        _col("value", "identifier", "What of it is shown.", "shown", "可见部分", sensitive=True),
    ), made_by="resolve", label=("masked values", "脱敏值")),
    Table("masking_loss", "How many values of one field of one source arrived masked, or as a day without a time, and what could still be matched.", (
        _col("source_no", "integer", "The source, as in `source`.", "source", "来源", key=True, refers_to="source"),
        _col("field", "text", "The field.", "field", "字段", key=True),
        _col("kind", "word", "The record kind.", "kind", "类别"),
        _col("n_values", "integer", "Values of the field in the records of the source.", "values", "取值数"),
        _col("n_masked", "integer", "Of these, partly hidden; of moments, those without a time of day.", "arrived masked", "脱敏数"),
        _col("n_matched", "integer", "Of the hidden ones, those whose party holds a whole value that they fit.", "still matched", "仍可匹配"),
        _col("first_lost", "row_id", "The first row with one that nothing matches; null where all are matched.", "first lost", "首个未匹配行"),
    ), made_by="resolve", label=("lost to masking", "脱敏损失")),
    Table("party", "A person or organisation, as far as the records tell one from another.", (
        _PARTY,
        _col("kind", "word", "`person`, `organisation` or `unknown`.", "kind", "类型"),
        _col("name", "name", "The name most often written in full.", "name", "名称", sensitive=True, ftm="Thing:name"),
        _col("n_rows", "integer", "Rows that name the party.", "rows", "行数"),
        _col("first_on", "date", "Day of the first row.", "first", "最早"),
        _col("last_on", "date", "Day of the last row.", "last", "最晚"),
    ), made_by="resolve", label=("parties", "主体")),
    Table("party_identifier", "An identifier of a party.", (
        _PARTY,
        _col("identifier_type", "word", "`name`, `document`, `phone`, `account`, `handle`, `org_id`, `address` or `vehicle`.", "type", "类型", key=True),
        _col("value", "identifier", "In its normal form.", "value", "值", key=True, sensitive=True),
        _col("identifier_id", "id", "What a decision calls it by: the same in every run that holds it.", "identifier", "标识编号"),
        _col("n_rows", "integer", "Rows that carry it for this party.", "rows", "行数"),
        _col("first_on", "date", "Day of the first row.", "first", "最早"),
        _col("last_on", "date", "Day of the last row.", "last", "最晚"),
    ), made_by="resolve", label=("identifiers", "标识")),
    Table("shared_identifier", "An identifier too many people use to tell one from another.", (
        _col("identifier_type", "word", "As in `party_identifier`.", "type", "类型", key=True),
        _col("value", "identifier", "In its normal form.", "value", "值", key=True, sensitive=True),
        _col("n_names", "integer", "Different names seen with it.", "names", "姓名数"),
        _col("reason", "text", "Why it joins nobody.", "reason", "原因"),
    ), made_by="resolve", label=("shared identifiers", "共用标识")),
    Table("merge", "Why two groups of mentions were taken for one party.", (
        _col("merge_id", "id", "The merge.", "merge", "合并", key=True),
        _col("party_id", "id", "The party.", "party", "主体", refers_to="party"),
        _col("identifier_type", "word", "What they have in common, as in `party_identifier`, or `comparison` for a fuzzy match.", "by", "依据"),
        _col("value", "identifier", "The identifier in common; null for a fuzzy match.", "value", "值", sensitive=True),
        _col("match_weight", "weight", "log10 of how many times likelier the likeness is for one party than for two.", "weight", "权重"),
        _col("explanation", "text", "The reason as a sentence; it names kinds of identifier, never their values.", "why", "理由"),
        _col("row_id", "row_id", "A row that shows it.", "row", "来源行"),
        _col("other_row_id", "row_id", "The other row, for a fuzzy match.", "other row", "另一行"),
    ), made_by="resolve", label=("merges", "合并")),
    Table("place", "A postal address, one for all ways of writing it.", (
        _col("place_id", "id", "The place.", "place", "地点", key=True),
        _col("address", "address", "The address in its commonest writing.", "address", "地址", sensitive=True, ftm="Address:full"),
        _col("region", "region", "ISO 3166-2 code of its region; null where unknown.", "region", "地区"),
        _col("city", "text", "City.", "city", "城市"),
        _col("district", "text", "District.", "district", "区县"),
        _col("n_rows", "integer", "Rows that name it.", "rows", "行数"),
        _col("n_parties", "integer", "Different parties that receive there.", "receivers", "收件方数"),
    ), made_by="resolve", label=("places", "地点")),
)

_DETECT = (
    Table("reading", "What a distinct text says, by the lexicon.", (
        _col("text", "text", "The text, as cleaned.", "text", "文本", key=True, sensitive=True),
        _col("topic", "word", "`sex_test`, `sample`, `lawful_test`, `warning`, `carriage` or `other`.", "topic", "主题"),
        _col("is_solicitation", "flag", "Whether it offers the service and asks to be contacted.", "solicits", "招揽"),
        _col("weight", "weight", "How much likelier such a text is in the trade than outside it.", "weight", "权重"),
        _col("words", "words", "The lexicon's words found in it.", "words", "词语"),
    ), made_by="detect", label=("readings", "文本解读")),
    Table("claim", "What a detector answered: evidence before dealings between members are added.", (
        _EVIDENCE,
        _col("detector", "word", "The question that was asked: the name of a detector.", "question", "检验"),
        _col("line", "word", "The kind of evidence: " + ", ".join(f"`{name}`" for name in LINES) + ".", "kind of evidence", "证据种类"),
        _col("facet", "word", "`chain`, `matter` or `ground`.", "shows", "证明事项"),
        _col("subject_kind", "word", "`party` or `place`.", "about", "对象类型"),
        _col("subject_id", "id", "The party or place.", "subject", "对象"),
        _col("object_kind", "word", "`party` or `place`; null for a claim about the subject alone.", "with", "关联类型"),
        _col("object_id", "id", "The other end of the link.", "object", "关联对象"),
        _col("relation", "word", "What the one is to the other: `collects_for`, `pays`, `receives_from`, `carries_from`, `same_business`, `directs`, `travels_with`, `same_person`.", "relation", "关系"),
        _col("claim", "text", "The claim as a sentence; {subject} and {object} stand for the two ends.", "claim", "主张"),
        _col("weight", "weight", "log10 likelihood ratio; negative speaks against.", "weight", "权重"),
        _col("test", "word", "The test behind it, or `record` for what a row states.", "test", "检验方法"),
        _col("n_observed", "number", "What was counted.", "observed", "观察值"),
        _col("n_expected", "number", "What chance alone would give.", "expected", "期望值"),
        _col("p_value", "probability", "The chance of as much or more under the null.", "p", "p值"),
        _col("q_value", "probability", "The false discovery rate at which it would be called.", "q", "q值"),
        _col("first_on", "date", "Day of the first row.", "from", "起"),
        _col("last_on", "date", "Day of the last row.", "to", "止"),
        _col("n_rows", "integer", "Rows behind it.", "rows", "行数"),
    ), made_by="detect", label=("claims", "检验结论")),
    Table("claim_row", "A row that a detector's answer rests on.", (
        _EVIDENCE, _ROW,
    ), made_by="detect", label=("rows of claims", "检验来源行")),
    Table("unasked", "A question that could not be asked, and the record kinds it lacked.", (
        _col("detector", "word", "The detector.", "question", "检验", key=True),
        _col("question", "text", "The question.", "question", "问题"),
        _col("missing", "words", "The record kinds it lacked.", "missing", "缺少"),
    ), made_by="detect", label=("not asked", "未能检验")),
)

_DETECT_STEPS = (
    Table("suspect_order", "An order for a fetal sex test.", (
        _ROW,
        _col("agent_id", "id", "The seller.", "seller", "代理", refers_to="party"),
        _col("client_id", "id", "The client, a protected party.", "client", "客户", refers_to="party"),
        _col("client_key", "text", "The client's name key.", "client key", "客户键", sensitive=True),
        _col("waybill_no", "waybill_no", "The parcel's number.", "waybill number", "运单号"),
        _col("price", "money", "Price.", "price", "价格"),
        _col("currency", "currency", "Its currency.", "currency", "币种"),
        _col("client_region", "text", "The client's region as written.", "client region", "客户地区", sensitive=True),
        _col("ordered_on", "date", "Day of the order.", "ordered", "下单日"),
        _col("is_explicit", "flag", "Whether the service itself says so.", "explicit", "明示"),
        _col("seller_share", "share", "Share of the seller's orders whose service says so.", "share", "占比"),
    ), made_by="detect", label=("suspect orders", "可疑订单")),
    Table("order_parcel", "A parcel whose number stands in an order for a fetal sex test.", (
        _ROW,
        Column("waybill_row", "row_id", "The carrier's row.", ("parcel row", "运单行"), key=True),
        _col("agent_id", "id", "The seller.", "seller", "代理", refers_to="party"),
        _col("client_id", "id", "The client, a protected party.", "client", "客户", refers_to="party"),
        _col("client_key", "text", "The client's name key.", "client key", "客户键", sensitive=True),
        _col("sender_id", "id", "The sender.", "sender", "寄件方", refers_to="party"),
        _col("sender_key", "text", "The sender's name key.", "sender key", "寄件键", sensitive=True),
        _col("receiver_id", "id", "The receiver.", "receiver", "收件方", refers_to="party"),
        _col("receiver_place", "id", "The address it went to.", "address", "收件地址", refers_to="place"),
        _col("sent_on", "date", "Day of posting.", "sent", "寄出日"),
    ), made_by="detect", label=("parcels of orders", "订单包裹")),
    Table("visit", "One client seen once at one service point.", (
        _col("side", "word", "`payee`, `receiver`, `address` or `agent`: how the point serves.", "side", "方面", key=True),
        _ROW,
        _col("point_kind", "word", "`party` or `place`.", "kind", "类型"),
        _col("point_id", "id", "The service point.", "point", "服务点", key=True),
        _col("client", "text", "The client's name key, or the party where no name is known.", "client", "客户", sensitive=True),
        _col("client_id", "id", "The client as a party.", "client", "客户", refers_to="party"),
        _col("on", "date", "The day.", "day", "日期"),
        _col("week", "integer", "Weeks since 1970-01-01.", "week", "周"),
    ), made_by="detect", label=("visits", "到访")),
    Table("shared_pair", "Two service points, each of its side, that share several clients within weeks.", (
        _col("left_side", "word", "How the one serves: `payee`, `agent`, or `payer` of the same people again.", "side", "方面", key=True),
        _col("right_side", "word", "How the other serves: `payee`, `receiver` or `address`.", "other side", "另一方面", key=True),
        _col("left_id", "id", "The one point.", "point", "服务点", key=True),
        _col("right_id", "id", "The other point.", "other point", "另一服务点", key=True),
        _col("n_shared", "integer", "Clients seen at both within the window.", "shared clients", "共同客户数"),
        _col("first_on", "date", "First day of such a visit to the one point.", "from", "起"),
        _col("last_on", "date", "Last day of such a visit to the one point.", "to", "止"),
    ), made_by="detect", label=("points with shared clients", "共同客户的服务点")),
    Table("tested_pair", "Two service points that share more clients than chance allows.", (
        _col("left_side", "word", "How the one serves: `payee`, `agent`, or `payer` of the same people again.", "side", "方面", key=True),
        _col("right_side", "word", "How the other serves: `payee`, `receiver` or `address`.", "other side", "另一方面", key=True),
        _col("left_id", "id", "The one point.", "point", "服务点", key=True),
        _col("right_kind", "word", "`party` or `place`: what the other point is.", "kind", "类型"),
        _col("right_id", "id", "The other point.", "other point", "另一服务点", key=True),
        _col("n_shared", "integer", "Clients seen at both within the window.", "shared clients", "共同客户数"),
        _col("n_expected", "number", "What chance alone would give.", "expected", "期望值"),
        _col("p_value", "probability", "The chance of as many or more under the null.", "p", "p值"),
        _col("q_value", "probability", "That chance times the pairs asked about one of the two.", "q", "q值"),
        _col("first_on", "date", "First day of such a visit to the one point.", "from", "起"),
        _col("last_on", "date", "Last day of such a visit to the one point.", "to", "止"),
    ), made_by="detect", label=("tested pairs of points", "服务点检验")),
    Table("sample_seizure", "An interception of human specimens, and which way it was going.", (
        _ROW,
        _col("seizure_id", "text", "The seizure.", "seizure", "查获编号"),
        _col("seized_on", "date", "The day.", "seized", "查获日"),
        _col("carrier_id", "id", "Who carried it.", "carrier", "携带人", refers_to="party"),
        _col("waybill_no", "waybill_no", "The parcel it was in.", "waybill number", "运单号"),
        _col("quantity", "number", "How many.", "quantity", "数量"),
        _col("unit", "text", "Of what.", "unit", "单位"),
        _col("material", "text", "What it was.", "material", "物品"),
        _col("port", "text", "Where.", "port", "口岸"),
        _col("is_inbound", "flag", "Whether the carrier came in with it.", "inbound", "入境"),
    ), made_by="detect", label=("seizures of specimens", "样本查获")),
    Table("seized_parcel", "A parcel in which human specimens were found, with both its ends.", (
        _ROW,
        Column("waybill_row", "row_id", "The carrier's row.", ("parcel row", "运单行"), key=True),
        _col("seized_on", "date", "The day.", "seized", "查获日"),
        _col("sender_id", "id", "The sender.", "sender", "寄件方", refers_to="party"),
        _col("receiver_id", "id", "The receiver.", "receiver", "收件方", refers_to="party"),
        _col("receiver_place", "id", "The address.", "address", "收件地址", refers_to="place"),
    ), made_by="detect", label=("seized parcels", "查获包裹")),
    Table("labelled_client", "A client of some service point whose name a seized tube's label carries.", (
        _ROW,
        Column("seizure_row", "row_id", "The seizure's row.", ("seizure row", "查获行"), key=True),
        _col("seized_on", "date", "The day.", "seized", "查获日"),
        _col("carrier_id", "id", "Who carried it.", "carrier", "携带人", refers_to="party"),
        _col("client", "text", "The client's name key.", "client", "客户", key=True, sensitive=True),
        _col("week", "integer", "Weeks since 1970-01-01.", "week", "周"),
    ), made_by="detect", label=("labelled clients", "标签客户")),
    Table("trip_day", "A day on which a traveller left.", (
        _PARTY,
        _col("on", "date", "The day.", "day", "日期", key=True),
        _col("row_id", "row_id", "The first crossing outward that day.", "row", "来源行"),
        _col("n", "integer", "Crossings outward that day.", "crossings", "次数"),
        _col("port", "text", "Port.", "port", "口岸"),
        _col("name_key", "text", "The traveller's name key.", "name key", "姓名键", sensitive=True),
        _col("is_quick", "flag", "Whether the traveller was back by the next day.", "quick", "当日或次日返回"),
        _col("is_weekend", "flag", "Whether the day was a Saturday or Sunday.", "week-end", "周末"),
    ), made_by="detect", label=("trip days", "出境日")),
    Table("labelled_point", "A service point whose clients are named on seized tubes.", (
        _col("point_kind", "word", "`party` or `place`.", "kind", "类型", key=True),
        _col("point_id", "id", "The party or place.", "point", "服务点", key=True),
        _col("side", "word", "Which service it gives, as in `visit`.", "side", "服务", key=True),
        _col("n_shared", "integer", "Clients named on tubes.", "clients", "客户数"),
        _col("n_expected", "number", "How many chance alone would name.", "expected", "期望值"),
        _col("p_value", "probability", "The chance of as many or more.", "p", "p值"),
        _col("q_value", "probability", "The false discovery rate.", "q", "q值"),
        _col("first_on", "date", "Day of the first visit.", "from", "起"),
        _col("last_on", "date", "Day of the last one.", "to", "止"),
        _col("row_ids", "row_ids", "The tubes' and the visits' rows.", "rows", "来源行"),
    ), made_by="detect", label=("points named by tubes", "标签所指服务点")),
    Table("matter_place", "A place to which human specimens are known to have been sent.", (
        _col("place_id", "id", "The place.", "place", "地点", key=True, refers_to="place"),
    ), made_by="detect", label=("places of the matter", "涉案地点")),
    Table("payment_ends", "A payment with both its ends as parties.", (
        _ROW,
        _col("payer_id", "id", "The payer.", "payer", "付款方", refers_to="party"),
        _col("payer_key", "text", "The payer's name key.", "payer key", "付款键", sensitive=True),
        _col("payee_id", "id", "The payee.", "payee", "收款方", refers_to="party"),
        _col("payee_key", "text", "The payee's name key.", "payee key", "收款键", sensitive=True),
        _col("amount", "money", "Amount.", "amount", "金额"),
        _col("currency", "currency", "Currency.", "currency", "币种"),
        _col("paid_on", "date", "Day of payment.", "paid", "付款日"),
    ), made_by="detect", label=("payment ends", "付款两端")),
    Table("parcel_ends", "A parcel with both its ends as parties and places.", (
        _ROW,
        _col("sender_id", "id", "The sender.", "sender", "寄件方", refers_to="party"),
        _col("sender_place", "id", "Where it came from.", "from", "寄件地", refers_to="place"),
        _col("sender_key", "text", "The sender's name key.", "sender key", "寄件键", sensitive=True),
        _col("receiver_id", "id", "The receiver.", "receiver", "收件方", refers_to="party"),
        _col("receiver_place", "id", "Where it went.", "to", "收件地", refers_to="place"),
        _col("receiver_key", "text", "The receiver's name key.", "receiver key", "收件键", sensitive=True),
        _col("weight_g", "number", "Weight in grams.", "weight", "重量"),
        _col("sent_on", "date", "Day of posting.", "sent", "寄出日"),
    ), made_by="detect", label=("parcel ends", "包裹两端")),
    Table("permit_use", "A declared export of human specimens, with the permit it cites if the case holds it.", (
        _ROW,
        _col("exporter_id", "id", "The exporter.", "exporter", "发货人", refers_to="party"),
        _col("consignee_id", "id", "The consignee.", "consignee", "收货人", refers_to="party"),
        _col("topic", "word", "What the goods are, by the lexicon.", "topic", "主题"),
        _col("quantity", "number", "Declared quantity.", "quantity", "数量"),
        _col("unit", "text", "Its unit.", "unit", "单位"),
        _col("permit_row", "row_id", "The permit's row.", "permit row", "许可行"),
        _col("allowed", "number", "Quantity the permit allows.", "allowed", "批准数量"),
        _col("allowed_unit", "text", "Its unit.", "unit", "单位"),
        _col("valid_from", "date", "First day of the permit.", "from", "起"),
        _col("valid_to", "date", "Last day of the permit.", "to", "止"),
        _col("holder_id", "id", "The permit's holder.", "holder", "持有人", refers_to="party"),
        _col("recipient_id", "id", "The permit's recipient.", "recipient", "接收方", refers_to="party"),
        _col("permit_no", "permit_no", "The permit's number.", "permit", "许可证号"),
        _col("declared_on", "date", "Day of the declaration.", "declared", "申报日"),
    ), made_by="detect", label=("use of permits", "许可使用")),
    Table("core", "A party or place that handles the matter, or is linked by a validated test to one that does.", (
        _col("node_id", "id", "The party or place.", "node", "节点", key=True),
    ), made_by="detect", label=("core", "核心")),
    Table("money_tie", "All that one party paid another.", (
        _col("from_id", "id", "The payer.", "payer", "付款方", key=True, refers_to="party"),
        _col("to_id", "id", "The payee.", "payee", "收款方", key=True, refers_to="party"),
        _col("n", "integer", "Payments.", "payments", "笔数"),
        _col("amount", "money", "Sum.", "amount", "金额"),
        _col("first_on", "date", "First day.", "from", "起"),
        _col("last_on", "date", "Last day.", "to", "止"),
        _col("n_payees_of_from", "integer", "Payees of the payer.", "payees", "收款方数"),
        _col("paid_by_from", "money", "All the payer paid.", "paid in all", "付出合计"),
        _col("n_payers_of_to", "integer", "Payers of the payee.", "payers", "付款方数"),
        _col("received_by_to", "money", "All the payee received.", "received in all", "收入合计"),
    ), made_by="detect", label=("money ties", "资金往来")),
    Table("transfer", "What one party paid another on one day, payments of like amounts taken together.", (
        _col("transfer_id", "row_id", "The first of its rows.", "transfer", "转账", key=True),
        _col("from_id", "id", "The payer.", "payer", "付款方", refers_to="party"),
        _col("to_id", "id", "The payee.", "payee", "收款方", refers_to="party"),
        _col("on", "date", "The day.", "on", "日期"),
        _col("currency", "text", "The currency, empty where unknown.", "currency", "币种"),
        _col("band", "integer", "The amount's place on a log scale, in steps of a fifth.", "band", "金额档"),
        _col("amount", "number", "The mean amount.", "amount", "金额"),
        _col("row_ids", "row_ids", "The rows.", "rows", "来源行"),
    ), made_by="detect", label=("transfers", "转账")),
    Table("pass_on", "A transfer that goes on from its payee within days, nearly whole.", (
        _col("party_id", "id", "Who was paid, and paid.", "party", "主体", refers_to="party"),
        _col("payer_id", "id", "Who paid in.", "payer", "付款方", refers_to="party"),
        _col("payee_id", "id", "Who was paid out.", "payee", "收款方", refers_to="party"),
        _col("in_id", "row_id", "The transfer in.", "in", "转入", key=True),
        _col("out_id", "row_id", "The transfer out.", "out", "转出", key=True),
        _col("in_on", "date", "Its day.", "in on", "转入日"),
        _col("out_on", "date", "Its day.", "out on", "转出日"),
    ), made_by="detect", label=("passed on", "转手")),
    Table("same_amount", "A transfer in and one out of a party that are the same amount, in either order.", (
        _col("party_id", "id", "Who was paid, and paid.", "party", "主体", refers_to="party"),
        _col("payer_id", "id", "Who paid in.", "payer", "付款方", refers_to="party"),
        _col("payee_id", "id", "Who was paid out.", "payee", "收款方", refers_to="party"),
        _col("in_id", "row_id", "The transfer in.", "in", "转入", key=True),
        _col("out_id", "row_id", "The transfer out.", "out", "转出", key=True),
        _col("in_on", "date", "Its day.", "in on", "转入日"),
        _col("out_on", "date", "Its day.", "out on", "转出日"),
    ), made_by="detect", label=("same amount in and out", "等额进出")),
    Table("money_pattern", "A shape of transfers that chance seldom makes; it supports what is said of proceeds and names nobody.", (
        _col("pattern_id", "id", "The pattern.", "pattern no.", "模式编号", key=True),
        _col("pattern", "word", "`fan_in`, `fan_out`, `gather_scatter`, `scatter_gather`, `stack` or `cycle`.", "pattern", "模式"),
        _col("party_ids", "words", "The parties in it.", "parties", "主体"),
        _col("n_parties", "integer", "How many parties.", "parties", "主体数"),
        _col("n_observed", "number", "What was counted.", "observed", "观测"),
        _col("n_expected", "number", "What the null expects.", "expected", "期望"),
        _col("p_value", "probability", "The chance of that many under the null.", "p", "p值"),
        _col("q_value", "probability", "The rate of false discovery at which it would be called.", "q", "q值"),
        _col("first_on", "date", "First day.", "from", "起"),
        _col("last_on", "date", "Last day.", "to", "止"),
        _col("row_ids", "row_ids", "The rows.", "rows", "来源行"),
    ), made_by="detect", label=("money patterns", "资金模式")),
    Table("talk_tie", "All calls and messages from one party to another.", (
        _col("from_id", "id", "From.", "from", "来自", key=True, refers_to="party"),
        _col("to_id", "id", "To.", "to", "去向", key=True, refers_to="party"),
        _col("n", "integer", "How many.", "n", "次数"),
        _col("first_on", "date", "First day.", "from", "起"),
        _col("last_on", "date", "Last day.", "to", "止"),
        _col("n_out", "integer", "Whom the one calls, in number.", "out", "对外数"),
        _col("n_in", "integer", "By whom the other is called, in number.", "in", "对内数"),
    ), made_by="detect", label=("contacts in sum", "通联汇总")),
    Table("parcel_tie", "All parcels from one party to one place.", (
        _col("from_id", "id", "The sender.", "sender", "寄件方", key=True, refers_to="party"),
        _col("to_id", "id", "The place.", "place", "地点", key=True, refers_to="place"),
        _col("n", "integer", "How many.", "n", "件数"),
        _col("first_on", "date", "First day.", "from", "起"),
        _col("last_on", "date", "Last day.", "to", "止"),
        _col("n_out", "integer", "Places the sender posts to.", "places", "收件地数"),
        _col("n_in", "integer", "Parties that post to the place.", "senders", "寄件方数"),
    ), made_by="detect", label=("parcels in sum", "寄递汇总")),
    Table("dealer", "A party that called the core, was called or paid by it or posted to it, and is no client of it.", (
        _col("node_id", "id", "The party.", "party", "主体", key=True, refers_to="party"),
        _col("way", "word", "By `contact`, `parcel` or `payment`.", "way", "方式", key=True),
    ), made_by="detect", label=("dealers", "往来者")),
    Table("bearer", "A party that is no organisation, under one full name that it bears.", (
        _PARTY,
        _col("name_key", "text", "The name, as names are compared.", "name key", "姓名键", key=True, sensitive=True),
    ), made_by="detect", label=("bearers of names", "姓名与主体")),
    Table("namesake", "Two parties of one rare full name: one near the core, one that deals with it.", (
        _col("party_id", "id", "The one near the core.", "party", "主体", key=True, refers_to="party"),
        _col("other_id", "id", "The one that deals with it.", "other", "另一主体", key=True, refers_to="party"),
        _col("n_dealers", "integer", "Parties that deal with the core in the same way.", "dealers", "往来者数"),
        _col("chance", "number", "How many of them would bear the name by chance.", "by chance", "偶然期望"),
    ), made_by="detect", label=("namesakes", "同名者")),
    Table("glossary", "A word of the trade or of its lawful neighbours, as it stands in the records, and what it means.", (
        _col("word", "text", "The word, as folded.", "word", "词语", key=True),
        _col("topic", "word", "What it speaks for, as in the lexicon.", "topic", "主题", key=True),
        _col("meaning", "text", "What it means.", "meaning", "含义"),
        _col("n_texts", "integer", "Distinct texts that hold it.", "texts", "文本数"),
    ), made_by="detect", label=("glossary", "词汇表")),
    Table("circle", "A party or place in reach of the core by money.", (
        _col("node_id", "id", "The party or place.", "node", "节点", key=True),
        _col("step", "integer", "Steps from the core.", "steps", "步数"),
    ), made_by="detect", label=("circle", "圈层")),
    Table("tie", "All exchanges of one sort between two parties of the circle.", (
        _col("line", "word", "`payment`, `contact` or `parcel`.", "line", "种类", key=True),
        _col("from_id", "id", "From.", "from", "来自", key=True, refers_to="party"),
        _col("to_id", "id", "To; a place for parcels.", "to", "去向", key=True),
        _col("n", "integer", "How many.", "n", "次数"),
        _col("amount", "money", "Sum, for payments.", "amount", "金额"),
        _col("first_on", "date", "First day.", "from", "起"),
        _col("last_on", "date", "Last day.", "to", "止"),
        _col("n_out", "integer", "Counterparties the one from has in that direction.", "out", "对外数"),
        _col("paid_out", "money", "All it paid.", "paid out", "付出合计"),
        _col("n_in", "integer", "Counterparties the one to has in that direction.", "in", "对内数"),
        _col("paid_in", "money", "All it received.", "paid in", "收入合计"),
        _col("n_payers", "integer", "Payers of the one from, for payments.", "payers", "付款方数"),
    ), made_by="detect", label=("ties", "往来")),
)

_RECONSTRUCT = (
    Table("network", "Parties that run one operation together.", (
        _NETWORK,
        _col("rank", "integer", "1 is best supported.", "rank", "排名"),
        _col("score", "probability", "Calibrated probability that the network is real.", "score", "评分"),
        _col("score_weight", "weight", "The sum of evidence over the prior.", "weight", "权重"),
        _col("from_on", "date", "First day of its conduct.", "from", "起"),
        _col("to_on", "date", "Last day of its conduct.", "to", "止"),
        _col("n_members", "integer", "Members.", "members", "成员数"),
    ), made_by="reconstruct", label=("networks", "网络")),
    Table("member", "A party that helps run a network.", (
        _NETWORK, _PARTY,
        _col("role", "word", "One of " + ", ".join(f"`{name}`" for name in ROLES) + ".", "role", "角色"),
        _col("role_probability", "probability", "How sure the role is.", "role sure", "角色把握"),
        _col("score", "probability", "Calibrated probability of membership.", "score", "评分"),
        _col("score_weight", "weight", "The sum of evidence over the prior.", "weight", "权重"),
        _col("n_lines", "integer", "Independent kinds of evidence for membership.", "kinds of evidence", "证据种类数"),
        _col("from_on", "date", "First day of its part.", "from", "起"),
        _col("to_on", "date", "Last day of its part.", "to", "止"),
    ), made_by="reconstruct", label=("members", "成员")),
    Table("member_alias", "Another party of the records that is the same person as a member.", (
        _NETWORK, _PARTY,
        _col("alias_id", "id", "The other party.", "also", "同一人", key=True, refers_to="party"),
        _col("chance", "probability", "The chance that they are namesakes.", "chance", "巧合概率"),
        _col("reason", "text", "Why they are one, as a sentence.", "why", "理由"),
    ), made_by="reconstruct", label=("one person", "同一人")),
    Table("member_party", "Each party that is a member, under its own name or another: what the flows are followed by.", (
        _NETWORK,
        _col("party_id", "id", "The party as the records have it.", "party", "主体", key=True, refers_to="party"),
        _col("member_id", "id", "The member it is.", "member", "成员", refers_to="party"),
        _col("role", "word", "The member's role.", "role", "角色"),
        _col("from_on", "date", "First day of its part.", "from", "起"),
        _col("to_on", "date", "Last day of its part.", "to", "止"),
    ), made_by="reconstruct", label=("members as parties", "成员主体")),
    Table("member_evidence", "A claim that speaks for or against a membership.", (
        _NETWORK, _PARTY, _EVIDENCE,
        _col("weight", "weight", "What the claim adds to the score, correlated claims counted once.", "counted", "计入权重"),
        _col("is_against", "flag", "Whether it speaks against.", "against", "反对"),
    ), made_by="reconstruct", label=("member evidence", "成员证据")),
    Table("judged", "A lead that a person judged, beside what the evidence alone makes of it.", (
        _col("decision_id", "id", "The decision.", "decision", "决定", key=True, refers_to="decision"),
        _col("act", "word", "`accept`, `reject` or `hold`.", "act", "决定"),
        _col("subject_kind", "word", "`network`, `party` or `evidence`.", "about", "对象类型"),
        _col("subject_id", "id", "The network, party or claim judged.", "subject", "对象"),
        _col("network_id", "id", "The network it is or would be part of; null where the evidence puts it in none.", "network", "网络"),
        _col("role", "word", "The role a party would have.", "role", "角色"),
        _col("score", "probability", "What the evidence alone makes of it, whatever was decided; null where it makes nothing of it.", "score", "评分"),
        _col("score_weight", "weight", "The sum of evidence over the prior.", "weight", "权重"),
        _col("is_left_out", "flag", "Whether it is left out of what the run found because of the decision.", "left out", "已排除"),
    ), made_by="reconstruct", label=("judged leads", "已判断的线索")),
    Table("tie_claim", "What a member's dealings with other members show.", (
        _EVIDENCE,
        _col("network_id", "id", "The network.", "network", "网络", refers_to="network"),
        _col("detector", "word", "`money_with_members`, `money_from_members`, `money_to_members`, `paid_by_payer_of_handlers`, `contact_with_members` or `parcels_to_places`.", "question", "检验"),
        _col("line", "word", "`payment`, `contact` or `parcel`.", "kind of evidence", "证据种类"),
        _col("subject_id", "id", "The member.", "subject", "对象", refers_to="party"),
        _col("claim", "text", "The claim as a sentence.", "claim", "主张"),
        _col("weight", "weight", "log10 likelihood ratio.", "weight", "权重"),
        _col("n_observed", "number", "Other members dealt with.", "observed", "观察值"),
    ), made_by="reconstruct", label=("dealings between members", "成员往来")),
    Table("tie_claim_row", "A payment, call or parcel behind a claim on dealings between members.", (
        _EVIDENCE, _ROW,
    ), made_by="reconstruct", label=("rows of dealings", "往来来源行")),
    Table("evidence", "A claim about a party, a place, or a link between two.", (
        _EVIDENCE,
        _col("detector", "word", "The question that was asked: the name of a detector.", "question", "检验"),
        _col("line", "word", "The kind of evidence: " + ", ".join(f"`{name}`" for name in LINES) + ".", "kind of evidence", "证据种类"),
        _col("facet", "word", "`chain`, `matter` or `ground`.", "shows", "证明事项"),
        _col("subject_kind", "word", "`party` or `place`.", "about", "对象类型"),
        _col("subject_id", "id", "The party or place.", "subject", "对象"),
        _col("object_kind", "word", "`party` or `place`; null for a claim about the subject alone.", "with", "关联类型"),
        _col("object_id", "id", "The other end of the link.", "object", "关联对象"),
        _col("relation", "word", "What the one is to the other: `collects_for`, `pays`, `receives_from`, `carries_from`, `same_business`, `directs`, `travels_with`, `same_person`.", "relation", "关系"),
        _col("claim", "text", "The claim as a sentence; {subject} and {object} stand for the two ends.", "claim", "主张"),
        _col("weight", "weight", "log10 likelihood ratio; negative speaks against.", "weight", "权重"),
        _col("test", "word", "The test behind it, or `record` for what a row states.", "test", "检验方法"),
        _col("n_observed", "number", "What was counted.", "observed", "观察值"),
        _col("n_expected", "number", "What chance alone would give.", "expected", "期望值"),
        _col("p_value", "probability", "The chance of as much or more under the null.", "p", "p值"),
        _col("q_value", "probability", "The false discovery rate at which it would be called.", "q", "q值"),
        _col("first_on", "date", "Day of the first row.", "from", "起"),
        _col("last_on", "date", "Day of the last row.", "to", "止"),
        _col("n_rows", "integer", "Rows behind it.", "rows", "行数"),
    ), made_by="reconstruct", label=("evidence", "证据")),
    Table("evidence_row", "A row that a claim rests on.", (
        _EVIDENCE, _ROW,
    ), made_by="reconstruct", label=("evidence rows", "证据来源行")),
    Table("client_of", "A client of a network, by name key.", (
        _NETWORK,
        _col("client", "text", "The client's name key, or the party where no name is known.", "client", "客户", key=True, sensitive=True),
    ), made_by="reconstruct", label=("clients", "客户")),
    Table("network_hub", "An address where a network gathers parcels.", (
        _NETWORK,
        _col("place_id", "id", "The place.", "place", "地点", key=True, refers_to="place"),
        _col("role", "word", "`hub`.", "role", "角色"),
        _col("address", "address", "The address, or the port's name.", "address", "地址"),
        _col("weight", "weight", "The evidence for it.", "weight", "权重"),
        _col("from_on", "date", "First day of its use.", "from", "起"),
        _col("to_on", "date", "Last day of its use.", "to", "止"),
    ), made_by="reconstruct", label=("hubs of a network", "中转地点")),
    Table("network_place", "A place where a network stores, hands over or tests.", (
        _NETWORK,
        _col("place_id", "id", "The place.", "place", "地点", key=True, refers_to="place"),
        _col("role", "word", "`hub`, `storage`, `port` or `laboratory`.", "role", "角色"),
        _col("address", "address", "The address, or the port's name.", "address", "地址"),
        _col("weight", "weight", "The evidence for it.", "weight", "权重"),
        _col("from_on", "date", "First day of its use.", "from", "起"),
        _col("to_on", "date", "Last day of its use.", "to", "止"),
    ), made_by="reconstruct", label=("places of a network", "网络地点")),
    Table("flow_row", "A row that is part of what a network moved: a parcel, a payment, a trip, an order, a seizure.", (
        _NETWORK, _ROW,
        _col("flow", "word", "`client_payment`, `commission`, `pay`, `laboratory_fee`, `profit`, `transfer`, `sample_parcel`, `relay`, `trip`, `order`, `seizure` or `advert`.", "flow", "流向"),
        _col("from_id", "id", "The party it came from.", "from", "来自", refers_to="party"),
        _col("to_id", "id", "The party it went to.", "to", "去向", refers_to="party"),
        _col("place_id", "id", "The place, for parcels.", "place", "地点", refers_to="place"),
        _col("at", "time", "When.", "at", "时间"),
        _col("amount", "money", "Amount paid, for payments and orders.", "amount", "金额"),
        _col("currency", "currency", "Its currency.", "currency", "币种"),
        _col("quantity", "number", "Persons' samples it stands for, as far as the row tells.", "samples", "样本数"),
        _col("region", "region", "Where it came from.", "region", "地区"),
    ), made_by="reconstruct", label=("flows", "流转")),
    Table("batch", "Parcels gathered, a crossing out, and pay, rebuilt as one consignment.", (
        _NETWORK,
        _col("batch_no", "integer", "In order of time, from 1.", "batch", "批次", key=True),
        _col("crossed_on", "date", "Day of the crossing.", "crossed", "出境日"),
        _col("n_mules", "integer", "Travellers.", "mules", "携带人数"),
        _col("n_parcels", "integer", "Parcels that arrived since the batch before.", "parcels", "包裹数"),
        _col("n_samples", "number", "Persons' samples, as far as the parcels tell.", "samples", "样本数"),
        _col("pay", "money", "Pay that followed.", "pay", "报酬"),
        _col("currency", "currency", "Its currency.", "currency", "币种"),
        _col("port", "text", "Port.", "port", "口岸"),
        _col("row_ids", "row_ids", "The rows.", "rows", "来源行"),
    ), made_by="reconstruct", label=("batches", "批次")),
    Table("protected_party", "A donor or client: never a suspect, shown only by pseudonym.", (
        _PARTY,
        _col("reason", "text", "What makes the party protected.", "reason", "原因"),
    ), made_by="reconstruct", label=("protected parties", "受保护人")),
)

def _near(name: str, of: Table, help: str, english: str, chinese: str) -> Table:  # noqa: A002
    """A table of the form of another, with only those of its rows that touch a network."""
    return replace(of, name=name, help=help, made_by="estimate", label=(english, chinese))


_MENTION = next(each for each in _RESOLVE if each.name == "mention")

_ESTIMATE = (
    _near("near_mention", _MENTION, "A party or place named in a row that a network moved or that names a member.", "mentions near networks", "网络相关提及"),
    _near("near_waybill", RECORDS["waybill"], "A parcel that a network moved.", "parcels near networks", "网络相关运单"),
    _near("near_payment", RECORDS["payment"], "A payment that a network moved or that names a member.", "payments near networks", "网络相关交易"),
    Table("usual_parcels", "How many parcels anybody receives in a network's period.", (
        _NETWORK,
        _col("n_parcels", "number", "Those of the middle one of all receivers.", "usual parcels", "通常收件数"),
    ), made_by="estimate", label=("usual parcels", "通常收件")),
    Table("estimate", "How much of one thing, with its 95 per cent interval.", (
        _NETWORK,
        _col("party_id", "id", "The member; empty for the whole network.", "party", "主体", key=True),
        _col("measure", "word", "`samples`, `tubes`, `trips`, `gross_paid`, `received` or `kept`.", "measure", "量", key=True),
        _col("method", "word", "`reconciled` for the figure that is shown; else the source it comes from.", "method", "方法", key=True),
        _col("value", "number", "The estimate.", "estimate", "估计"),
        _col("low", "number", "Lower end of the 95 per cent interval.", "low", "下限"),
        _col("high", "number", "Upper end of the 95 per cent interval.", "high", "上限"),
        _col("unit", "text", "Its unit: `persons`, `tubes`, `trips`, or a currency.", "unit", "单位"),
        _col("basis", "text", "What was counted and assumed, as a sentence.", "basis", "依据"),
        _col("n_rows", "integer", "Rows counted.", "rows", "行数"),
    ), made_by="estimate", label=("estimates", "估计")),
    Table("network_region", "A region that clients' samples came from.", (
        _NETWORK,
        _col("region", "region", "ISO 3166-2 code.", "region", "地区", key=True),
        _col("n_rows", "integer", "Rows that show it.", "rows", "行数"),
    ), made_by="estimate", label=("regions", "地区")),
)

_ASSESS = (
    Table("provision", "What the evidence says to one element of one provision.", (
        _NETWORK,
        _col("rule_id", "id", "The rule, as in its pack.", "rule", "条款", key=True),
        _col("element_no", "integer", "The element's place in the rule, from 1.", "no.", "序", key=True),
        _col("jurisdiction", "word", "The pack.", "jurisdiction", "法域"),
        _col("citation", "text", "Instrument and article.", "citation", "出处"),
        _col("citation_zh", "text", "The same in Chinese.", "citation, Chinese", "出处（中文）"),
        _col("element", "text", "The element in plain words.", "element", "要件"),
        _col("element_zh", "text", "The same in Chinese.", "element, Chinese", "要件（中文）"),
        _col("verdict", "word", "`supported`, `contradicted` or `not_addressed`.", "evidence", "结论"),
        _col("is_exemption", "flag", "Whether it is an exemption rather than an element.", "exemption", "豁免"),
        _col("explanation", "text", "Which facts speak to it.", "why", "说明"),
        _col("explanation_zh", "text", "The same in Chinese.", "why, Chinese", "说明（中文）"),
        _col("n_evidence", "integer", "Claims that speak to it.", "claims", "证据数"),
        _col("evidence_ids", "words", "Those claims.", "claims", "证据"),
        _col("facts", "words", "The facts that speak to it, by the names a pack uses.", "facts", "事实"),
        _col("row_ids", "row_ids", "Rows of records that state such facts; rows of flows are under their flow.", "rows", "来源行"),
        _col("from_on", "date", "First day of the acts.", "from", "起"),
        _col("to_on", "date", "Last day of the acts.", "to", "止"),
    ), made_by="assess", label=("provisions", "法律条款")),
)

_SCREEN = (
    Table("watch", "One thing that shows a network in a new record.", (
        _NETWORK,
        _col("what", "word", "`phone`, `document`, `account`, `handle`, `org_id`, `vehicle`, `organisation`, `address`, `waybill_no`, `advert`, or a trait: `contents`, `amount`, `port`.", "what", "类别", key=True),
        _col("value", "identifier", "In the form that sightings have.", "value", "值", key=True, sensitive=True),
        _col("party_id", "id", "The party that uses it; empty for what is the network's.", "party", "主体", key=True),
        _col("member_id", "id", "The member that party is; empty likewise.", "member", "成员"),
        _col("called", "name", "The member's name.", "name", "姓名", sensitive=True),
        _col("role", "word", "The member's role, or the place's; empty for things.", "role", "角色"),
        _col("rule", "word", "Which name must stand beside it: `none`, one that `fits` a name of the party, or its `full` name.", "rule", "姓名要求"),
        _col("is_support", "flag", "Whether it counts only beside something else of the network.", "supports", "仅佐证"),
        _col("n_rows", "integer", "Rows of the case that have it.", "rows", "行数"),
        _col("row_ids", "row_ids", "The first of them.", "first rows", "首批来源行"),
        _col("from_on", "date", "First day.", "from", "起"),
        _col("to_on", "date", "Last day.", "to", "止"),
    ), made_by="screen", label=("watched for", "比对项")),
    Table("watch_name", "A name of a member, to be held against the name beside an identifier.", (
        _NETWORK,
        _col("party_id", "id", "The party; empty for any member of the network.", "party", "主体", key=True),
        _col("name_key", "text", "As in `spelling`.", "name key", "姓名键", key=True, sensitive=True),
        _col("starts", "text", "As in `spelling`.", "starts", "开头", sensitive=True),
        _col("ends", "text", "As in `spelling`.", "ends", "结尾", sensitive=True),
    ), made_by="screen", label=("names watched for", "比对姓名")),
    Table("watch_client", "A client of a network by full name: counted where several meet, never told.", (
        _NETWORK,
        _col("client", "text", "The client's name key.", "client", "客户", key=True, sensitive=True),
    ), made_by="screen", label=("clients counted", "计数客户")),
    Table("watch_spared", "An account or address of a protected party, which screening never tells.", (
        _col("what", "word", "`account` or `address`.", "what", "类别", key=True),
        _col("value", "identifier", "In its normal form.", "value", "值", key=True, sensitive=True),
    ), made_by="screen", label=("spared", "保护项")),
)

_DECISIONS = (
    Table("decision", "A judgement in force, by a person, on what a run found.", (
        _col("decision_id", "id", "Made from what was decided, not from who decided it or when.", "decision", "决定", key=True),
        _col("act", "word", "`accept`, `reject` or `hold`; `overshared` for an identifier that may join nobody.", "act", "决定"),
        _col("subject_kind", "word", "`network`, `party`, `evidence`, `merge` or `identifier`.", "about", "对象类型"),
        _col("subject_id", "id", "The network, party, claim, merge or identifier judged.", "subject", "对象"),
        _col("other_id", "id", "The network in which a party is judged; empty where it is judged everywhere.", "in", "所在网络"),
    ), made_by="actions", label=("decisions", "决定")),
)

TABLES: dict[str, Table] = {
    each.name: each
    for each in (*RECORDS.values(), *_SOURCES, *_RESOLVE, *_DETECT, *_DETECT_STEPS, *_RECONSTRUCT, *_ESTIMATE, *_ASSESS, *_SCREEN, *_DECISIONS)
}


def table(name: str) -> Table:
    """The table called ``name``.

    Raises:
        UnknownName: with the tables there are.
    """
    if name not in TABLES:
        raise UnknownName("table", name, list(TABLES))
    return TABLES[name]
