"""Names by which Russian posts call the banks and telecoms of SentiRuEval (regular expressions)."""
BRANDS = {
    "sberbank": ["сбер", "sber"],
    "vtb": ["втб", "vtb"],
    "rshb": ["россельхоз", "рсхб", "rshb", "rosselhoz"],
    "alfabank": ["альфа", "alfa"],
    "bankmoskvy": ["банк[аеуом]*\\s+москв", "банкмоскв", "bank\\s*of\\s*moscow", "bankmosk", "bm\\b", "бм\\b"],
    "gazprom": ["газпром", "gazprom", "гпб"],
    "raiffeisen": ["райф", "raif"],
    "uralsib": ["уралсиб", "uralsib"],
    "mts": ["мтс", "mts"],
    "beeline": ["билайн", "beeline", "bee?line", "билл?ай?н", "пчелайн", "вымпелком"],
    "megafon": ["мегафон", "megafon", "мега\\w*фон"],
    "rostelecom": ["ростелеком", "rostelecom", "ртк"],
    "tele2": ["теле\\s?2", "tele\\s?2"],
    "skylink": ["скай\\s?линк", "sky\\s?link"],
    "komstar": ["комстар", "comstar", "komstar"],
}
