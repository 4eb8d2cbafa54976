"""Sentences as offices write them, with their own numbers in them, and numbers of persons in every dress; of nobody."""

import random
from datetime import date, timedelta

from analytics.personal_numbers import CHECK_DIGITS, WEIGHTS

PLAIN = """
数据补录后重新发布
第三网格本周更名，区域编码不变
专班进驻，人工调整为红色
经街道周例会研究，同意下调
上级督办件已办结，恢复测算等级
暴雨红色预警期间，按最高等级管理
暴雨红色预警发布，提高一级
派出所反映近期盗窃多发
社区书记现场核实，情况属实
消防通道堵塞已清理，复查合格
消防站联合检查后整改到位
消防隐患集中，专班现场督导
疑似聚集性发热，等待疾控结论
老旧小区改造施工，临时调整
学校周边交通秩序整治
夜间施工噪声投诉集中
电动自行车违规充电专项整治
燃气管线老化，正在更换
自建房安全隐患排查未完成
出租房屋登记率低于目标
流动人口集中返乡，基数变化
国庆假期前安全检查
春节期间烟花爆竹管控
高温天气，加强独居老人走访
防汛值班，低洼片区巡查加密
台风过境，转移安置已完成
数据上报中断三天，暂按上期
渠道切换，12345工单延迟导入
12345热线转办，已回访
拨打110报警后到场处置
119指挥中心通报火情
120急救转运一次
96110反诈专线反馈
热线电话12345回访满意
联系电话12345核实
投诉热线12315移交
与城管办会商，提高频次
经分管领导同意
网格长会议通过
联席会议第12次会议纪要
按区平安办要求
依据街办〔2026〕12号
依据浙政办发〔2026〕123号文
见第20261031号督办单
东桥街道办事处会议纪要第3号
省政府令第388号
GB/T 33200-2016规定的网格编码
参照GB 11643-1999
参照GB/T 2260-2007行政区划代码
参照WS 372.2-2012
按ISO 7064校验
区域编码330802001001有误，已更正
网格编码33080200100101并入33080200100102
网格编码330802401001001调整
单元网格编码33080200100203
社区编码330802001000
事件编号SJ-20261031-0001
工单号20261031000123作废重报
案件号330802202610310001重复
工单GD-2041重复登记
任务RW202610310015逾期
编号G20261031的整改单
单据H20260001已归档
检查单C20260015未回传
批次P20261031导入有误
截至10月31日24时
2026年10月31日至11月6日
2026-10-31至2026-11-06
2026/10/31 08:30报送
自11月1日起执行
道路31号前修复
11月5日前完成整改，11月6日复查
第45周数据
近30天事件12件，较上期增3件
走访覆盖率由62.5%升至81.3%
得分56.2，红色分界值55
共1234户，已走访1180户
投入专项资金13800000000元
投入资金1,380,000元
投入13,800,000,000元
拨付专项经费50万元
面积12345.67平方米
坐标误差0.0001度
人口9036人，户数3120户
一二三网格合并
第一、第二、第三网格联合行动
三户一档
十二栋消防通道堵塞
12栋消防通道堵塞，10月31日前清理
3号楼电梯停运
2号楼、5号楼外墙脱落
8幢地下车库积水
五栋加装电梯施工
人民路与解放路交叉口拥堵
地铁2号线施工围挡
国道320线路段事故
104国道扬尘
站前路段夜市占道
农贸市场环境整治
综合行政执法一室牵头
在301会议室研究
政务服务大厅3号窗口反映
社区卫生服务中心反馈
微信群通知各网格长
微信公众号已发布通告
QQ群收到反映后核实
在微信小程序上报
二维码门牌安装完成
车牌识别系统故障
渣土车夜间遗撒
粤港澳大湾区会议安保
京杭运河沿线巡查
川味餐饮街油烟投诉
沪昆高速出口拥堵
苏州工业园区经验交流
新冠肺炎疫情期间口径不同
甘蔗收购季临时摊点多
赣南采风活动
豫剧演出安保
护照集中办理日人流量大
办理身份证1200件，窗口拥挤
身份证办理点迁址
银行卡诈骗警情上升
电信诈骗预警，已宣传
手机信号弱，上报延迟
手机端上报12件
电话回访1200户
电话核实20户
电话不通，改为上门
电话访问2026年第3季度完成
座机故障，改用对讲机
电子邮箱停用
网络不通，邮件延迟
证件过期商户3家
驾驶证考点人流量大
居住证办理集中
社保卡发放现场秩序
军民共建活动
海字号渔船回港
备注：已整改13家
说明：口径调整
会议要求：三日内完成
结果：复查合格
原因：系统升级
核查情况：属实
时间：2026年10月31日
文号：街办〔2026〕12号
工单：GD-2041
责任单位：城管办
Correction after late reports
Team on site until Friday
Joint inspection with the fire service, see order 2026/12
Released again after the load of 31 October was undone
Late load of incidents, 12 rows
Floods: red warning until 6 November 2026
Incident SJ-20261031-0001 counted twice
Area code 330802001001 was wrong
Hotline 12345 backlog
Call 119 for the fire drill
Budget of 13,800,000,000 CNY approved
Score 56.2 is above the cut-off 55
Version 1.0.0 of the method
ISO 7064 check
See GB/T 33200-2016
Week 45, 2026
The phone lines were down for two days
Email server was down
WeChat group informed
Passport office queue
No change
""".strip().splitlines()

SHAPES = """
{area}按{document}调整为{tier}
{document}要求{area}提高一级
事件{incident}重复登记，{area}下调
工单{ticket}已办结，{day}起恢复
{area}{day}至{day}专项整治，依据{document}
案件{case}移交派出所，{area}维持{tier}
区域编码{code}更名为{area}
网格编码{grid}并入{grid}
{day}导入有误，撤回后重发
{area}近30天事件{n}件，较上期增{n}件
{area}共{n}户，已走访{n}户，覆盖率{share}%
{area}投入{money}元，{day}完工
经{day}周例会研究，{area}调整为{tier}
12345转办{n}件，{area}办结{n}件
119通报火情{n}起，{area}加密巡查
{area}得分{score}，分界值{score}
{ticket}、{ticket}、{incident}重复
{incident}/{incident}/{incident}
{area}人口{n}人，户数{n}户，楼栋{n}栋
会议纪要第{n}号，{document}
{building}消防通道堵塞，{day}前清理
{area}（{code}）数据不足，暂不评级
{day}24时数据，{day}发布
{n}、{n}、{n}、{n}号网格联合检查
{n}，{n}，{n}，{n}
{iso}报送，{iso}更正
{iso} {iso} {n}
{money}元/{n}户
Order {document}: {code} raised until {iso}
Incident {incident} closed, see {ticket}
{n} of {n} households visited by {iso}
""".strip().splitlines()


def a_day(draw):
    return date(2025, 1, 1) + timedelta(days=draw.randrange(900))


def business_numbers(draw):
    """What fills the blanks of `SHAPES`: one of each, drawn."""
    region = draw.choice(["330802", "110101", "440106", "620102", "410105", "510104", "420106", "370102", "340102"])
    town, village = f"{draw.randint(1, 20):03}", f"{draw.randint(1, 60):03}"
    day = a_day(draw)
    compact = f"{day:%Y%m%d}"
    return {
        "area": draw.choice(["第一网格", "第12网格", "向阳社区", "东桥街道", "兰亭社区第三网格", "白云路社区", "G12"]),
        "document": draw.choice(["街办", "浙政办发", "东政字", "平安办函", "国发", "应急"])
        + draw.choice([f"〔{day.year}〕{draw.randint(1, 400)}号", f"[{day.year}]{draw.randint(1, 99)}号"]),
        "tier": draw.choice(["红色", "橙色", "黄色"]),
        "incident": draw.choice(
            [f"SJ-{compact}-{draw.randint(1, 9999):04}", f"SJ{compact}{draw.randint(1, 999999):06}",
             f"INC-{draw.randint(1, 99999)}", f"{day.year}-{draw.randint(1, 99999):05}"]
        ),
        "ticket": draw.choice(
            [f"GD-{draw.randint(1, 9999)}", f"{compact}{draw.randint(1, 999999):06}", f"G{compact}",
             f"GD{day.year}{draw.randint(1, 9999999):07}", f"{compact}-{draw.randint(1, 999):03}"]
        ),
        "case": region + compact + f"{draw.randint(1, 999):04}",
        "code": region + town + village,
        "grid": region + town + village + draw.choice(["", f"{draw.randint(1, 40):02}", f"{draw.randint(1, 40):03}"]),
        "day": draw.choice([f"{day.month}月{day.day}日", f"{day.year}年{day.month}月{day.day}日"]),
        "iso": draw.choice([f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day:%Y.%m.%d}", compact]),
        "n": str(draw.choice([draw.randint(1, 99), draw.randint(100, 99999)])),
        "share": f"{draw.uniform(0, 100):.1f}",
        "score": f"{draw.uniform(0, 100):.1f}",
        "money": draw.choice([f"{draw.randint(1000, 10**9)}", f"{draw.randint(10**6, 10**11):,}"]),
        "building": draw.choice([f"{draw.randint(1, 40)}栋", f"{draw.randint(1, 40)}号楼", f"{draw.randint(1, 9)}幢"]),
    }  # fmt: skip


def reasons(seed, how_many):
    """So many sentences of an office, each with other numbers."""
    draw = random.Random(seed)
    found = []
    for _ in range(how_many):
        shape = draw.choice(SHAPES)
        while "{" in shape:
            name = shape[shape.index("{") + 1 : shape.index("}")]
            shape = shape.replace(f"{{{name}}}", business_numbers(draw)[name], 1)
        found.append(shape)
    return found


def id_number(draw):
    """18 digits of nobody, with the right check digit."""
    region = draw.choice(["330802", "110101", "440106", "620102", "810000", "510104"])
    born = date(1935, 1, 1) + timedelta(days=draw.randrange(29_000))
    body = f"{region}{born:%Y%m%d}{draw.randint(1, 999):03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECK_DIGITS[total % 11]


def old_id_number(draw):
    born = date(1930, 1, 1) + timedelta(days=draw.randrange(25_000))
    return f"{draw.choice(['330802', '110101', '440106'])}{born:%y%m%d}{draw.randint(1, 999):03}"


def mobile(draw):
    return f"1{draw.choice('3456789')}{draw.randint(0, 10**9 - 1):09}"


def card(draw, begins="622848", length=19):
    body = begins + "".join(draw.choice("0123456789") for _ in range(length - len(begins) - 1))
    doubled = [int(digit) * (2 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(body))]
    total = sum(digit - 9 if digit > 9 else digit for digit in doubled)
    return body + str(-total % 10)


CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")
SPOKEN = str.maketrans("0123456789", "〇幺二三四五六七八九")
BANKERS = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")
FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def parted(digits, lengths, sign):
    parts, at = [], 0
    for length in lengths:
        parts.append(digits[at : at + length])
        at += length
    return sign.join([*parts, digits[at:]] if digits[at:] else parts)


def in_three(sign):
    return lambda draw: parted(mobile(draw), (3, 4, 4), sign)


DRESSES = {
    "mobile": ("phone", mobile),
    **{f"mobile parted by {sign!r}": ("phone", in_three(sign)) for sign in " -._·/,—–‑　"},
    "mobile in other parts": ("phone", lambda draw: parted(mobile(draw), (3, 3, 5), "-")),
    "mobile in two": ("phone", lambda draw: parted(mobile(draw), (3, 8), " ")),
    "mobile in unequal parts": ("phone", lambda draw: parted(mobile(draw), (2, 5, 4), " ")),
    "mobile digit by digit": ("phone", lambda draw: " ".join(mobile(draw))),
    "mobile, dashes between all": ("phone", lambda draw: "-".join(mobile(draw))),
    "mobile +86": ("phone", lambda draw: f"+86{mobile(draw)}"),
    "mobile +86 and spaces": ("phone", lambda draw: f"+86 {parted(mobile(draw), (3, 4, 4), ' ')}"),
    "mobile 0086": ("phone", lambda draw: f"0086-{mobile(draw)}"),
    "mobile (86)": ("phone", lambda draw: f"(86){mobile(draw)}"),
    "mobile（+86）": ("phone", lambda draw: f"（+86）{mobile(draw)}"),
    "mobile full-width": ("phone", lambda draw: mobile(draw).translate(FULL)),
    "mobile full-width parted": ("phone", lambda draw: parted(mobile(draw), (3, 4, 4), "－").translate(FULL)),
    "mobile circled": ("phone", lambda draw: mobile(draw).translate(CIRCLED)),
    "mobile Arabic": ("phone", lambda draw: mobile(draw).translate(ARABIC)),
    "mobile Chinese": ("phone", lambda draw: mobile(draw).translate(CHINESE)),
    "mobile spoken": ("phone", lambda draw: mobile(draw).translate(SPOKEN)),
    "mobile bankers'": ("phone", lambda draw: mobile(draw).translate(BANKERS)),
    "mobile Chinese parted": ("phone", lambda draw: parted(mobile(draw), (3, 4, 4), " ").translate(CHINESE)),
    "mobile half Chinese": ("phone", lambda draw: (said := mobile(draw))[:3].translate(CHINESE) + said[3:]),
    "mobile without width": ("phone", lambda draw: "\u200b".join(mobile(draw))),
    "mobile keycaps": ("phone", lambda draw: "".join(f"{digit}\ufe0f\u20e3" for digit in mobile(draw))),
    "mobile O for nought": ("phone", lambda draw: "138OOOO" + f"{draw.randint(0, 9999):04}"),
    "mobile after letters": ("phone", lambda draw: f"tel{mobile(draw)}"),
    "mobile masked": ("phone", lambda draw: (said := mobile(draw))[:3] + "****" + said[7:]),
    "mobile's end": ("phone", lambda draw: f"手机尾号{draw.randint(0, 9999):04}"),
    "landline": ("landline", lambda draw: f"0570{draw.randint(2000000, 8999999)}"),
    "landline with a dash": ("landline", lambda draw: f"010-{draw.randint(20000000, 89999999)}"),
    "landline in brackets": ("landline", lambda draw: f"（0570）{draw.randint(2000000, 8999999)}"),
    "landline in parts": ("landline", lambda draw: f"021 {draw.randint(2000, 8999)} {draw.randint(0, 9999):04}"),
    "landline from abroad": ("landline", lambda draw: f"+86-570-{draw.randint(2000000, 8999999)}"),
    "landline of the place": ("landline", lambda draw: f"电话：{draw.randint(2000000, 8999999)}"),
    "landline with extension": ("landline", lambda draw: f"0570-{draw.randint(2000000, 8999999)}-801"),
    "id": ("id_number", id_number),
    "id small x": ("id_number", lambda _: "11010519491231002x"),
    "id full-width": ("id_number", lambda draw: id_number(draw).translate(FULL)),
    "id in parts": ("id_number", lambda draw: parted(id_number(draw), (6, 8), " ")),
    "id in dashes": ("id_number", lambda draw: parted(id_number(draw), (6, 8), "-")),
    "id in fours": ("id_number", lambda draw: parted(id_number(draw), (6, 4, 4), " ")),
    "id Chinese": ("id_number", lambda draw: id_number(draw).translate(CHINESE)),
    "id without width": ("id_number", lambda draw: "\u200d".join(id_number(draw))),
    "id masked": ("id_number", lambda draw: (said := id_number(draw))[:6] + "********" + said[14:]),
    "id's end": ("id_number", lambda draw: f"身份证尾号{draw.randint(0, 9999):04}"),
    "id after a name": ("id_number", lambda draw: f"王某某{id_number(draw)}"),
    "id after a name and a bracket": ("id_number", lambda draw: f"李四（{id_number(draw)}）"),
    "id 15": ("id_number", old_id_number),
    "id 15 in parts": ("id_number", lambda draw: parted(old_id_number(draw), (6, 6), " ")),
    "card": ("bank_card", card),
    "card in fours": ("bank_card", lambda draw: parted(card(draw), (4, 4, 4, 4), " ")),
    "card in dashes": ("bank_card", lambda draw: parted(card(draw), (4, 4, 4, 4), "-")),
    "card full-width": ("bank_card", lambda draw: card(draw).translate(FULL)),
    "card of 16": ("bank_card", lambda draw: card(draw, "622202", 16)),
    "card Visa": ("bank_card", lambda draw: card(draw, "4563517", 16)),
    "card Visa in fours": ("bank_card", lambda draw: parted(card(draw, "4101", 16), (4, 4, 4), " ")),
    "card Mastercard": ("bank_card", lambda draw: card(draw, "552245", 16)),
    "card told": ("bank_card", lambda draw: f"卡号：{draw.randint(10**15, 10**16 - 1)}"),
    "passport": ("permit", lambda draw: f"E{draw.randint(30000000, 99999999)}"),
    "passport, two letters": ("permit", lambda draw: f"EJ{draw.randint(1000000, 9999999)}"),
    "passport G": ("permit", lambda draw: f"G{draw.randint(30000000, 99999999)}"),
    "passport told": ("permit", lambda draw: f"护照号码：P{draw.randint(3000000, 9999999)}"),
    "passport full-width": ("permit", lambda draw: f"Ｅ{draw.randint(30000000, 99999999)}".translate(FULL)),
    "permit for Hong Kong": ("permit", lambda draw: f"C{draw.randint(30000000, 99999999)}"),
    "home return permit": ("permit", lambda draw: f"H{draw.randint(3000000000, 9999999999)}"),
    "permit told": ("permit", lambda draw: f"港澳通行证W{draw.randint(30000000, 99999999)}"),
    "military": ("permit", lambda draw: f"军字第{draw.randint(3000000, 9999999)}号"),
    "military told": ("permit", lambda draw: f"军官证{draw.randint(3000000, 9999999)}"),
    "plate": ("plate", lambda draw: f"浙A{draw.randint(10000, 99999)}"),
    "plate with a point": ("plate", lambda draw: f"浙A·{draw.randint(10000, 99999)}"),
    "plate with a space": ("plate", lambda draw: f"沪 B {draw.randint(10000, 99999)}"),
    "plate green": ("plate", lambda draw: f"粤BD{draw.randint(10000, 99999)}"),
    "plate small": ("plate", lambda draw: f"京a{draw.randint(10000, 99999)}"),
    "plate full-width": ("plate", lambda draw: f"浙Ａ{draw.randint(10000, 99999)}".translate(FULL)),
    "plate of the police": ("plate", lambda draw: f"浙A{draw.randint(1000, 9999)}警"),
    "door of a flat": ("door", lambda draw: f"3号楼2单元{draw.randint(101, 2905)}室"),
    "door short": ("door", lambda draw: f"12栋{draw.randint(101, 2905)}"),
    "door in dashes": ("door", lambda draw: f"住{draw.randint(1, 30)}-2-{draw.randint(101, 990)}"),
    "door full-width": ("door", lambda _: "３号楼２单元５０１室"),
    "door of a lane": ("door", lambda draw: f"解放路{draw.randint(2, 99)}弄{draw.randint(2, 99)}号"),
    "door of a street": ("door", lambda draw: f"和平里{draw.randint(2, 99)}号"),
    "WeChat": ("account", lambda draw: f"微信号：wang_{draw.randint(1000, 9999)}"),
    "WeChat digits": ("account", lambda draw: f"微信{draw.randint(10**7, 10**8)}"),
    "WeChat short": ("account", lambda draw: f"加V：zhang{draw.randint(1000, 9999)}"),
    "QQ": ("account", lambda draw: f"QQ：{draw.randint(10**7, 10**9)}"),
    "QQ bare": ("account", lambda draw: f"qq{draw.randint(10**7, 10**9)}"),
    "e-mail": ("email", lambda draw: f"wang{draw.randint(1, 99)}@example.com"),
    "e-mail full-width": ("email", lambda _: "wang＠example．com"),
    "e-mail in words": ("email", lambda _: "wang(at)example(dot)com"),
}  # fmt: skip
"""Dress -> what it has to be told as, and one drawn by a ``random.Random``."""

AROUND = (
    "{}",
    "反映人{}，已处置",
    "核实：{}。",
    "见 {} 一事",
    "（{}）",
    "联系{}后下调",
    "reported by {} on Friday",
    "{}/已回访",
)
