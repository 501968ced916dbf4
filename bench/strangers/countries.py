"""Countries in which worlds are set: names, places, borders, money and wording, the same pools for all who live there."""

# Wording is data: one entry a line, however long.
# ruff: noqa: E501
# fmt: off

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """What differs from one land to another. Prices are in units of `currency`."""

    code: str
    zone: str
    currency: str
    dial: str
    abroad_dial: str
    regions: tuple[tuple[str, tuple[str, ...]], ...]
    border: tuple[str, str]
    surnames: tuple[str, ...]
    givens: tuple[str, ...]
    family_first: bool
    foreign_names: tuple[str, ...]
    streets: tuple[str, ...]
    foreign_streets: tuple[str, ...]
    foreign_city: str
    ports: tuple[str, ...]
    modes: tuple[str, ...]
    carriers: tuple[str, ...]
    channels: tuple[str, ...]
    platforms: tuple[str, ...]
    nationality: tuple[str, str]
    unit: float
    goods: tuple[str, ...]
    medical: tuple[str, ...]
    memos: tuple[str, ...]
    sly: tuple[str, ...]
    plain: tuple[str, ...]
    honest_posts: tuple[str, ...]
    hospital_posts: tuple[str, ...]
    services_sly: tuple[str, ...]
    services_plain: tuple[str, ...]
    services_lawful: tuple[str, ...]
    company: tuple[str, ...]
    company_scopes: tuple[str, ...]
    lab: tuple[str, ...]
    lab_scopes: tuple[str, ...]
    seized_other: tuple[str, ...]
    seized_blood: tuple[str, ...]
    hidden: tuple[str, ...]


CHINA = Country(
    code="CN",
    zone="Asia/Shanghai",
    currency="CNY",
    dial="+86",
    abroad_dial="+852",
    regions=(
        ("广东", ("广州市天河区", "佛山市南海区", "东莞市长安镇", "惠州市惠城区", "中山市小榄镇")),
        ("浙江", ("温州市鹿城区", "宁波市鄞州区", "台州市椒江区", "杭州市余杭区")),
        ("福建", ("泉州市晋江市", "厦门市思明区", "莆田市荔城区", "福州市仓山区")),
        ("江西", ("赣州市章贡区", "南昌市西湖区", "上饶市信州区")),
        ("湖南", ("长沙市雨花区", "衡阳市蒸湘区", "邵阳市大祥区")),
        ("湖北", ("武汉市武昌区", "襄阳市樊城区", "荆州市沙市区")),
        ("河南", ("郑州市金水区", "洛阳市涧西区", "周口市川汇区")),
        ("山东", ("济南市历下区", "临沂市兰山区", "青岛市市北区")),
        ("江苏", ("南京市鼓楼区", "徐州市云龙区", "苏州市吴中区")),
        ("安徽", ("合肥市蜀山区", "阜阳市颍州区", "安庆市迎江区")),
        ("四川", ("成都市武侯区", "绵阳市涪城区", "南充市顺庆区")),
        ("广西", ("南宁市青秀区", "玉林市玉州区", "桂林市象山区")),
        ("河北", ("石家庄市长安区", "保定市莲池区", "邯郸市丛台区")),
        ("贵州", ("贵阳市南明区", "遵义市汇川区", "毕节市七星关区")),
        ("云南", ("昆明市官渡区", "曲靖市麒麟区")),
        ("重庆", ("渝北区", "万州区", "九龙坡区")),
        ("陕西", ("西安市雁塔区", "咸阳市秦都区")),
        ("辽宁", ("沈阳市和平区", "大连市沙河口区")),
        ("山西", ("太原市小店区", "运城市盐湖区")),
        ("海南", ("海口市龙华区", "三亚市吉阳区")),
        ("黑龙江", ("哈尔滨市南岗区", "大庆市让胡路区")),
        ("上海", ("浦东新区", "闵行区", "松江区")),
        ("北京", ("朝阳区", "通州区", "丰台区")),
    ),
    border=("广东", "深圳市"),
    surnames=tuple("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万"),
    givens=tuple("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文辉志鑫宇浩然婷雪倩晨欣怡嘉俊凯博思雨佳琪梦瑶子涵诗阳春燕海波林峰永康德胜荣贵福生庆云翠珍莲凤琴素莉蓉晓彤惠"),
    family_first=True,
    foreign_names=("Chan Tai Man", "Wong Siu Ming", "Lau Ka Yan", "Cheung Wai Kit", "Ho Mei Ling", "Leung Chi Keung", "Ng Hoi Yan", "Tsang Kwok Wah", "Yip Suk Fan", "Lam Pui Shan", "Kwok Man Hei", "Mak Yuen Ting", "Chow Wing Sze", "Fung Kam Tong", "Tam Lai Fong", "So Ho Yin"),
    streets=("人民路", "解放大道", "建设路", "中山路", "和平街", "工业园一路", "新华路", "文化街", "学府路", "滨江路", "振兴路", "公园南路", "创业路", "桃园路", "红岭路"),
    foreign_streets=("Nathan Road", "Castle Peak Road", "San Fung Avenue", "Kwun Tong Road", "Hennessy Road", "Fuk Wing Street", "Tai Ho Road"),
    foreign_city="Hong Kong",
    ports=("罗湖", "福田", "皇岗", "深圳湾", "文锦渡", "莲塘", "拱北"),
    modes=("步行", "客车", "小客车", "列车"),
    carriers=("顺丰", "中通", "圆通", "韵达", "京东物流", "邮政EMS"),
    channels=("微信", "支付宝", "银行转账", "云闪付"),
    platforms=("小红书", "抖音", "微博", "快手", "贴吧", "闲鱼"),
    nationality=("中国", "中国香港"),
    unit=1.0,
    goods=("茶叶", "玩具", "化妆品", "衣服", "文件", "日用品", "零食", "保健品", "手机配件", "鞋子", "护肤品", "书籍", "礼品", "小家电", "首饰", "资料", "母婴用品", "土特产", "样品", "手表"),
    medical=("血液样本", "检验标本", "生物样本", "医学检验样本", "采血管", "NIPT样本"),
    memos=("", "", "", "", "货款", "谢谢", "尾款", "定金", "转账", "餐费", "报销", "还款", "订单", "运费", "房租", "工资", "代购", "检查费", "押金"),
    sly=(
        "宝妈们，7周就能知道穿裙子还是穿裤子，只要几毫升，不用出门，懂的加 {c}",
        "🍓还是🍌？港检老店，送样上门，三天出结果 咨询 {c}",
        "想提前知道是小棉袄还是小皮夹克？在家采，专人接收，{c}",
        "小王子or小公主，早知道早安心～满6周+可约，私信或{c}",
        "开盲盒不用等二十周，一管就够，全国可寄，VX {c}",
        "xing别早知道，渣男勿扰，姐妹们滴滴 {c}",
    ),
    plain=(
        "香港无创DNA查胎儿性别，7周可验男女，全国上门抽血，联系 {c}",
        "孕早期抽血验男女，送香港化验所，准确率99%，电话 {c}",
        "血样寄港验性别，包过关，先付定金，{c}",
        "诚招各地采血代理，寄血验子，每单有佣金，{c}",
    ),
    honest_posts=(
        "宝宝衣服清仓，男宝女宝都有，尺码齐全，{c}",
        "孕妇装、待产包团购，满百包邮，加 {c}",
        "代购港版奶粉，每周两趟，{c}",
        "招快递分拣员，日结，{c}",
        "二手婴儿车转让，九成新，{c}",
        "手表维修鉴定，寄修到港，一周返还，{c}",
        "签证代办，资料邮寄即可，{c}",
        "产后修复，首次体验价，{c}",
        "深圳香港一日游拼车，{c}",
        "招聘跨境司机，需港澳通行证，{c}",
        "取名起名，男孩女孩都取，{c}",
    ),
    hospital_posts=(
        "我院开展无创产前筛查（NIPT），孕12周起，筛查21三体，请到产科门诊，{c}",
        "提醒：非医学需要的胎儿性别鉴定违法，切勿相信寄血验子广告，举报 {c}",
        "第三方医学检验所承接医院送检，有资质，可开票，{c}",
        "产检知识：抽血看什么？本院专家周三直播，预约 {c}",
        "海关普法：携带人体血液出境须经审批，咨询 {c}",
    ),
    services_sly=("A套餐", "早知道", "基础款", "港检", "T21+", "套餐二"),
    services_plain=("胎儿性别", "Y染色体检测", "验男女", "港检性别"),
    services_lawful=("无创产前筛查NIPT", "唐氏筛查", "NIPT-plus", "地贫基因检测", "甲状腺功能", "过敏原检测", "叶酸代谢基因", "耳聋基因筛查"),
    company=("{n}文化传媒有限公司", "{n}健康咨询有限公司", "{n}电子商务有限公司", "{n}母婴用品有限公司", "{n}供应链管理有限公司", "{n}信息科技有限公司"),
    company_scopes=("广告设计、代理；组织文化艺术交流", "健康咨询服务（不含诊疗）", "互联网销售；日用百货", "国内货运代理；仓储服务", "软件开发；信息技术咨询", "服装服饰批发零售"),
    lab=("{n} Medical Laboratory Limited", "{n} Genomics Limited", "{n} Diagnostic Centre Limited", "{n} DNA Lab Limited"),
    lab_scopes=("medical laboratory services", "genetic testing", "health consultancy", "diagnostic testing"),
    seized_other=("香烟", "手机", "冻肉", "燕窝", "电子烟", "名表", "内存条", "红酒", "活体宠物", "处方药"),
    seized_blood=("疑似人体血液", "血液样本", "人血试管", "孕妇血样"),
    hidden=("腰腹绑藏", "背包夹层", "行李箱底", "奶粉罐", "外套口袋", "无", "保温袋"),
)

_ABROAD_COMMON: dict[str, tuple[str, ...]] = {
    "goods": ("documents", "clothes", "toys", "cosmetics", "phone accessories", "gifts", "books", "snacks", "tea", "supplements", "spare parts", "jewellery", "samples", "shoes", "baby items", "papers", "skin care", "watch"),
    "medical": ("blood samples", "diagnostic specimens", "lab samples", "clinical specimens", "NIPT kits"),
    "memos": ("", "", "", "", "payment", "thanks", "balance", "advance", "order", "rent", "salary", "invoice", "delivery", "refund", "food", "loan", "test fee"),
    "sly": (
        "Mums to be! Pink or blue, know at 7 weeks from home, only a few ml needed. Message {c}",
        "Prince or princess? Early reveal, no hospital visit, we pick up. {c}",
        "Don't wait 20 weeks for the surprise 💙💗 report in 5 days, DM {c}",
        "Early peek for mommies, discreet home draw, sent overseas to our partner. {c}",
    ),
    "plain": (
        "Fetal gender test by blood from 7 weeks, sample sent abroad, result on WhatsApp. Call {c}",
        "Know boy or girl early: blood DNA test, home collection anywhere, {c}",
        "Agents wanted for gender DNA blood collection, commission per tube, {c}",
    ),
    "honest_posts": (
        "Baby clothes clearance for boys and girls, all sizes, {c}",
        "Maternity wear and hospital bag sets, free delivery, {c}",
        "Gender reveal party balloons and cakes, pink or blue, order {c}",
        "Watch repair and valuation abroad, courier in, back in ten days, {c}",
        "Visa papers handled, just post your documents, {c}",
        "Delivery riders wanted, paid weekly, {c}",
        "Used pram for sale, good state, {c}",
        "Duty free perfume and electronics brought every week, order {c}",
    ),
    "hospital_posts": (
        "Our hospital offers NIPT screening for trisomy 21 from 12 weeks. Book at {c}",
        "Warning: prenatal sex determination is an offence. Report offers to {c}",
        "Accredited reference laboratory, hospital referrals only, {c}",
        "What does a pregnancy blood test show? Free talk Wednesday, {c}",
    ),
    "services_sly": ("Package A", "early reveal", "basic", "T21 plus", "P1"),
    "services_plain": ("fetal gender DNA", "Y chromosome test", "gender test"),
    "services_lawful": ("NIPT", "trisomy screening", "thyroid panel", "thalassaemia screen", "allergy panel", "carrier screen"),
    "company": ("{n} Media Pvt Ltd", "{n} Wellness Services Ltd", "{n} Trading Co Ltd", "{n} Logistics Ltd", "{n} Infotech Ltd"),
    "company_scopes": ("advertising and media", "wellness consultancy", "general trading", "freight forwarding", "software services"),
    "lab": ("{n} Genetics Laboratory", "{n} Diagnostics", "{n} DNA Centre", "{n} Medical Lab"),
    "lab_scopes": ("medical laboratory", "genetic testing", "diagnostic services"),
    "seized_other": ("cigarettes", "gold", "mobile phones", "currency", "perfume", "prescription drugs", "watches", "alcohol"),
    "seized_blood": ("human blood", "blood tubes", "suspected human blood samples", "maternal blood"),
    "hidden": ("strapped to body", "false bottom of suitcase", "hand bag", "cool bag", "coat pockets", "none"),
}


def _abroad(fields: dict[str, object]) -> Country:
    """A country whose wording is English."""
    return Country(**{**_ABROAD_COMMON, **fields})  # type: ignore[arg-type]


INDIA = _abroad(
    {
        "code": "IN",
        "zone": "Asia/Kolkata",
        "currency": "INR",
        "dial": "+91",
        "abroad_dial": "+971",
        "regions": (("Haryana", ("Gurugram", "Hisar", "Karnal")), ("Punjab", ("Ludhiana", "Jalandhar")), ("Rajasthan", ("Jaipur", "Alwar", "Kota")), ("Uttar Pradesh", ("Noida", "Meerut", "Agra")), ("Gujarat", ("Surat", "Ahmedabad")), ("Maharashtra", ("Pune", "Nagpur", "Thane")), ("Karnataka", ("Bengaluru", "Mysuru")), ("Madhya Pradesh", ("Bhopal", "Indore"))),
        "border": ("Delhi", "New Delhi"),
        "surnames": ("Sharma", "Singh", "Kumar", "Verma", "Gupta", "Patel", "Yadav", "Reddy", "Khan", "Mehta", "Joshi", "Chauhan", "Nair", "Das", "Malik", "Rao", "Jain", "Saini", "Arora", "Bansal", "Mishra", "Pandey", "Thakur", "Desai", "Kulkarni"),
        "givens": ("Amit", "Priya", "Rahul", "Sunita", "Anil", "Pooja", "Vikas", "Neha", "Suresh", "Kavita", "Manoj", "Ritu", "Deepak", "Anjali", "Sanjay", "Meena", "Arjun", "Seema", "Rohit", "Geeta", "Imran", "Farah", "Nitin", "Swati", "Karan", "Rekha", "Vijay", "Asha", "Gaurav", "Divya"),
        "family_first": False,
        "foreign_names": ("Omar Al Farsi", "Fatima Hassan", "Joseph Varghese", "Maria Santos", "Khalid Rahman", "Aisha Noor", "Bilal Sheikh", "Sara Haddad"),
        "streets": ("MG Road", "Station Road", "Gandhi Nagar", "Civil Lines", "Sector 14", "Nehru Marg", "Model Town", "Ring Road"),
        "foreign_streets": ("Al Rigga Road", "Deira Street 12", "Oud Metha Road", "Karama 18B"),
        "foreign_city": "Dubai",
        "ports": ("Delhi IGI", "Mumbai", "Ahmedabad", "Jaipur"),
        "modes": ("air",),
        "carriers": ("Blue Dart", "DTDC", "Delhivery", "India Post"),
        "channels": ("UPI", "NEFT", "IMPS", "Paytm"),
        "platforms": ("instagram", "facebook", "telegram", "youtube"),
        "nationality": ("Indian", "Emirati"),
        "unit": 11.0,
    }
)
PHILIPPINES = _abroad(
    {
        "code": "PH",
        "zone": "Asia/Manila",
        "currency": "PHP",
        "dial": "+63",
        "abroad_dial": "+65",
        "regions": (("Cebu", ("Cebu City", "Mandaue")), ("Laguna", ("Calamba", "San Pablo")), ("Cavite", ("Bacoor", "Dasmarinas")), ("Pampanga", ("Angeles", "San Fernando")), ("Iloilo", ("Iloilo City", "Oton")), ("Davao del Sur", ("Davao", "Digos")), ("Bulacan", ("Malolos", "Meycauayan"))),
        "border": ("Metro Manila", "Pasay"),
        "surnames": ("Santos", "Reyes", "Cruz", "Bautista", "Garcia", "Mendoza", "Torres", "Flores", "Ramos", "Gonzales", "Aquino", "Villanueva", "Castillo", "Navarro", "Mercado", "Domingo", "Salazar", "Pascual", "Dela Cruz", "Lim"),
        "givens": ("Maria", "Jose", "Angel", "Mark", "Grace", "John", "Liza", "Paolo", "Rowena", "Carlo", "Jenny", "Ramon", "Cristina", "Dennis", "Aileen", "Rico", "Joy", "Noel", "Marites", "Allan", "Rhea", "Ernesto", "Nica", "Jun", "Tess", "Bong"),
        "family_first": False,
        "foreign_names": ("Tan Wei Ming", "Lee Hui Min", "Goh Boon Kiat", "Siti Rahmah", "Ravi Pillai", "Ong Mei Yi", "Koh Jun Hao"),
        "streets": ("Rizal Avenue", "Mabini Street", "Bonifacio Street", "Osmena Boulevard", "Quezon Avenue", "Del Pilar Street"),
        "foreign_streets": ("Serangoon Road", "Orchard Road", "Geylang Road", "Ubi Avenue 1"),
        "foreign_city": "Singapore",
        "ports": ("Manila NAIA", "Clark", "Cebu Mactan"),
        "modes": ("air",),
        "carriers": ("LBC", "J&T", "JRS", "PHLPost"),
        "channels": ("GCash", "Maya", "BDO", "InstaPay"),
        "platforms": ("facebook", "instagram", "tiktok", "telegram"),
        "nationality": ("Filipino", "Singaporean"),
        "unit": 8.0,
    }
)
VIETNAM = _abroad(
    {
        "code": "VN",
        "zone": "Asia/Ho_Chi_Minh",
        "currency": "VND",
        "dial": "+84",
        "abroad_dial": "+66",
        "regions": (("Nghe An", ("Vinh", "Cua Lo")), ("Ha Noi", ("Cau Giay", "Dong Da")), ("Da Nang", ("Hai Chau", "Thanh Khe")), ("Dong Nai", ("Bien Hoa", "Long Khanh")), ("Can Tho", ("Ninh Kieu", "Cai Rang")), ("Hai Phong", ("Le Chan", "Ngo Quyen")), ("Thanh Hoa", ("Thanh Hoa", "Sam Son"))),
        "border": ("Ho Chi Minh", "Tan Binh"),
        "surnames": ("Nguyen", "Tran", "Le", "Pham", "Hoang", "Phan", "Vu", "Dang", "Bui", "Do", "Ho", "Ngo", "Duong", "Ly"),
        "givens": ("Thi Lan", "Van Hung", "Thi Mai", "Minh Tuan", "Thi Hoa", "Quoc Bao", "Thu Ha", "Duc Anh", "Thi Ngoc", "Van Nam", "Bich Phuong", "Thanh Long", "Kim Chi", "Xuan Truong", "Thi Thu", "Hoang Yen", "Van Dung", "Ngoc Linh", "Trung Kien", "Thuy Duong", "Gia Huy", "Thi Hang", "Van Thang", "My Linh"),
        "family_first": True,
        "foreign_names": ("Somchai Boonmee", "Siriporn Chaiyo", "Anong Suksai", "Niran Thongdee", "Pim Srisuk", "Krit Wattana"),
        "streets": ("Le Loi", "Nguyen Trai", "Tran Hung Dao", "Hai Ba Trung", "Ly Thuong Kiet", "Vo Van Tan"),
        "foreign_streets": ("Sukhumvit Road", "Rama IV Road", "Silom Road", "Phetchaburi Road"),
        "foreign_city": "Bangkok",
        "ports": ("Tan Son Nhat", "Noi Bai", "Moc Bai"),
        "modes": ("air", "coach"),
        "carriers": ("Viettel Post", "GHN", "GHTK", "VNPost"),
        "channels": ("MoMo", "ZaloPay", "Vietcombank", "Techcombank"),
        "platforms": ("facebook", "zalo", "tiktok"),
        "nationality": ("Vietnamese", "Thai"),
        "unit": 3300.0,
        "sly": (
            "Mẹ bầu ơi, 7 tuần biết bé trai hay bé gái, chỉ cần vài ml, nhận tận nhà. Zalo {c}",
            "Hoàng tử hay công chúa? Early gender reveal, home draw, report in 5 days {c}",
            "Pink or blue from 7 weeks, gửi mẫu đi Thái, {c}",
        ),
        "plain": (
            "Xét nghiệm máu biết giới tính thai nhi từ 7 tuần, gửi Thái Lan, {c}",
            "Fetal gender blood test sent to Thailand, boy or girl, call {c}",
        ),
    }
)
ABROAD = (INDIA, PHILIPPINES, VIETNAM)
