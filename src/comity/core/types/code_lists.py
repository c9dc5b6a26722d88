"""Code lists kept by others: ISO 3166-1 states and territories, ISO 4217 currencies, ICAO additions, and
their names.

Pure. Codes are written out here so that what is accepted never depends on the version of a library; names
come from Unicode CLDR through Babel, which is imported only when a name is asked for.
"""

from __future__ import annotations

from functools import cache

from comity.core.text import LANGUAGES, Text
from comity.core.types.base import Options

# ISO 3166-1, alpha-3:alpha-2, as of 2026.
_ISO_3166_1 = """
ABW:AW AFG:AF AGO:AO AIA:AI ALA:AX ALB:AL AND:AD ARE:AE ARG:AR ARM:AM ASM:AS ATA:AQ ATF:TF ATG:AG AUS:AU
AUT:AT AZE:AZ BDI:BI BEL:BE BEN:BJ BES:BQ BFA:BF BGD:BD BGR:BG BHR:BH BHS:BS BIH:BA BLM:BL BLR:BY BLZ:BZ
BMU:BM BOL:BO BRA:BR BRB:BB BRN:BN BTN:BT BVT:BV BWA:BW CAF:CF CAN:CA CCK:CC CHE:CH CHL:CL CHN:CN CIV:CI
CMR:CM COD:CD COG:CG COK:CK COL:CO COM:KM CPV:CV CRI:CR CUB:CU CUW:CW CXR:CX CYM:KY CYP:CY CZE:CZ DEU:DE
DJI:DJ DMA:DM DNK:DK DOM:DO DZA:DZ ECU:EC EGY:EG ERI:ER ESH:EH ESP:ES EST:EE ETH:ET FIN:FI FJI:FJ FLK:FK
FRA:FR FRO:FO FSM:FM GAB:GA GBR:GB GEO:GE GGY:GG GHA:GH GIB:GI GIN:GN GLP:GP GMB:GM GNB:GW GNQ:GQ GRC:GR
GRD:GD GRL:GL GTM:GT GUF:GF GUM:GU GUY:GY HKG:HK HMD:HM HND:HN HRV:HR HTI:HT HUN:HU IDN:ID IMN:IM IND:IN
IOT:IO IRL:IE IRN:IR IRQ:IQ ISL:IS ISR:IL ITA:IT JAM:JM JEY:JE JOR:JO JPN:JP KAZ:KZ KEN:KE KGZ:KG KHM:KH
KIR:KI KNA:KN KOR:KR KWT:KW LAO:LA LBN:LB LBR:LR LBY:LY LCA:LC LIE:LI LKA:LK LSO:LS LTU:LT LUX:LU LVA:LV
MAC:MO MAF:MF MAR:MA MCO:MC MDA:MD MDG:MG MDV:MV MEX:MX MHL:MH MKD:MK MLI:ML MLT:MT MMR:MM MNE:ME MNG:MN
MNP:MP MOZ:MZ MRT:MR MSR:MS MTQ:MQ MUS:MU MWI:MW MYS:MY MYT:YT NAM:NA NCL:NC NER:NE NFK:NF NGA:NG NIC:NI
NIU:NU NLD:NL NOR:NO NPL:NP NRU:NR NZL:NZ OMN:OM PAK:PK PAN:PA PCN:PN PER:PE PHL:PH PLW:PW PNG:PG POL:PL
PRI:PR PRK:KP PRT:PT PRY:PY PSE:PS PYF:PF QAT:QA REU:RE ROU:RO RUS:RU RWA:RW SAU:SA SDN:SD SEN:SN SGP:SG
SGS:GS SHN:SH SJM:SJ SLB:SB SLE:SL SLV:SV SMR:SM SOM:SO SPM:PM SRB:RS SSD:SS STP:ST SUR:SR SVK:SK SVN:SI
SWE:SE SWZ:SZ SXM:SX SYC:SC SYR:SY TCA:TC TCD:TD TGO:TG THA:TH TJK:TJ TKL:TK TKM:TM TLS:TL TON:TO TTO:TT
TUN:TN TUR:TR TUV:TV TWN:TW TZA:TZ UGA:UG UKR:UA UMI:UM URY:UY USA:US UZB:UZ VAT:VA VCT:VC VEN:VE VGB:VG
VIR:VI VNM:VN VUT:VU WLF:WF WSM:WS YEM:YE ZAF:ZA ZMB:ZM ZWE:ZW
"""
# ISO 4217 active currencies; funds, precious metals and test codes are left out.
_ISO_4217 = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR
RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD
TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
ALPHA_2: dict[str, str] = {
    three: two for three, _, two in (pair.partition(":") for pair in _ISO_3166_1.split())
}
ALPHA_3: dict[str, str] = {two: three for three, two in ALPHA_2.items()}
CURRENCIES: tuple[str, ...] = tuple(_ISO_4217.split())
# ISO 4217: digits after the decimal point; two where not said here.
MINOR_UNITS: dict[str, int] = dict.fromkeys(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ],
    0,
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)

# Currencies so new that CLDR has no Chinese name for them yet.
_NEW = {"XCG": Text("Caribbean guilder", "加勒比盾"), "ZWG": Text("Zimbabwe Gold", "津巴布韦金")}

# ICAO Doc 9303-3, section 5: codes of the machine readable zone beside ISO 3166-1.
NO_NATIONALITY: Options = (
    ("XXA", Text("Stateless person", "无国籍人")),
    ("XXB", Text("Refugee (1951 Convention, 1967 Protocol)", "难民（1951年公约及1967年议定书）")),
    ("XXC", Text("Refugee (other)", "难民（其他）")),
    ("XXX", Text("Nationality not specified", "国籍未指明")),
)
BRITISH: Options = (
    ("GBD", Text("British overseas territories citizen", "英国海外领土公民")),
    ("GBN", Text("British national (overseas)", "英国国民（海外）")),
    ("GBO", Text("British overseas citizen", "英国海外公民")),
    ("GBP", Text("British protected person", "受英国保护人士")),
    ("GBS", Text("British subject", "英国属民")),
)
ORGANISATIONS: Options = (
    ("EUE", Text("European Union", "欧洲联盟")),
    ("UNO", Text("United Nations", "联合国")),
    ("UNA", Text("United Nations specialised agency", "联合国专门机构")),
    ("XOM", Text("Sovereign Military Order of Malta", "马耳他主权军事教团")),
    ("XPO", Text("INTERPOL", "国际刑事警察组织")),
)


@cache
def countries() -> Options:
    """Every ISO 3166-1 alpha-3 code with its CLDR names, in the order of the codes."""
    from babel import Locale

    names = {lang: Locale.parse(lang).territories for lang in LANGUAGES}
    return tuple(
        (three, Text(str(names["en"].get(two, three)), str(names["zh"].get(two, three))))
        for three, two in sorted(ALPHA_2.items())
    )


@cache
def currencies() -> Options:
    """Every currency code with its CLDR names, in the order of the codes."""
    from babel import Locale

    names = {lang: Locale.parse(lang).currencies for lang in LANGUAGES}
    said = {
        code: Text(*(str(names[lang].get(code, code)) for lang in LANGUAGES)) for code in CURRENCIES
    } | _NEW
    return tuple(said.items())


def named(code: str, listed: Options) -> Text:
    """ "China (CHN)" / "中国（CHN）"; the bare code where the list does not have it."""
    for each, words in listed:
        if each == code:
            return Text(f"{words.en} ({code})", f"{words.zh}（{code}）")
    return Text(code, code)
