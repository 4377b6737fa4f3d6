"""What GeoNames and CLDR lack: names of regions in their own language, their abbreviations, and words to leave out."""

# Country: region code in GeoNames: names and, behind a bar, abbreviations that only hold beside another place.
REGIONS = {
    "DE": """01 Baden-Württemberg,Baden-Wuerttemberg|BW;02 Bayern,Freistaat Bayern,Franken,Oberbayern|BY;03 Bremen|HB;04 Hamburg|HH;
        05 Hessen|HE;06 Niedersachsen|NDS,NI;07 Nordrhein-Westfalen,Ruhrgebiet,Rheinland,Ruhrpott|NRW,NW;
        08 Rheinland-Pfalz,Rhineland-Palatinate|RLP,RP;09 Saarland|SL;10 Schleswig-Holstein|SH;11 Brandenburg|BB;
        12 Mecklenburg-Vorpommern|MV;13 Sachsen|SN;14 Sachsen-Anhalt|ST;15 Thüringen,Thueringen|TH;16 |BE""",
    "AT": """01 Burgenland;02 Kärnten,Kaernten;03 Niederösterreich|NÖ;04 Oberösterreich|OÖ;05 Salzburg;06 Steiermark;07 Tirol;
        08 Vorarlberg;09 Wien""",
    "CH": """AG Aargau|AG;BE Bern|BE;BL Baselland|BL;BS Basel-Stadt|BS;FR Freiburg,Fribourg|FR;GE Genève,Genf|GE;
        GR Graubünden,Grigioni|GR;LU Luzern|LU;SG St. Gallen|SG;SO Solothurn|SO;SZ Schwyz|SZ;TG Thurgau|TG;TI Tessin|TI;
        VD Vaud,Waadt|VD;VS Wallis|VS;ZG Zug|ZG;ZH Zürich|ZH;NE Neuchâtel|NE""",
    "CA": """01 Alberta|AB;02 British Columbia,Colombie-Britannique|BC;03 Manitoba|MB;04 New Brunswick,Nouveau-Brunswick|NB;
        05 Newfoundland|NL;07 Nova Scotia|NS;08 Ontario|ON,ONT;09 Prince Edward Island|PE,PEI;10 Québec|QC;11 Saskatchewan|SK;
        12 Yukon|YT;13 |NT;14 Nunavut|NU""",
    "AU": """01 |ACT;02 New South Wales|NSW;03 |NT;04 Queensland|QLD;05 South Australia|SA;06 Tasmania|TAS;07 Victoria|VIC;
        08 Western Australia|WA""",
    "GB": """ENG England,Inglaterra,Angleterre,Inghilterra,Engeland,Yorkshire,Cornwall,East Anglia,West Midlands,Merseyside,Lancashire,Surrey,Kent,Essex,Devon,Sussex,Hampshire,Oxfordshire,Norfolk,Suffolk,Hertfordshire,Greater Manchester,Greater London,Tyneside;
        SCT Scotland,Schottland,Escocia,Écosse,Scozia,Escócia,Schotland,Alba,Scottish Highlands,Glasgow City;WLS Wales,Cymru,País de Gales,Pays de Galles,Galles;
        NIR Northern Ireland,Nordirland,Irlanda del Norte,Irlande du Nord""",
    "ES": """07 Islas Baleares,Illes Balears,Baleares,Mallorca,Ibiza,Menorca;27 La Rioja;29 Comunidad de Madrid;31 Región de Murcia;
        32 Navarra,Nafarroa;34 Asturias;39 Cantabria;51 Andalucía,Andalusien,Andalousie;52 Aragón;53 Canarias,Islas Canarias,Tenerife,Gran Canaria,Lanzarote;
        54 Castilla-La Mancha,Castilla La Mancha;55 Castilla y León;56 Cataluña,Catalunya,Katalonien,Catalogne,Catalunha;
        57 Extremadura;58 Galicia,Galiza;59 País Vasco,Euskadi,Euskal Herria;60 Comunitat Valenciana,Comunidad Valenciana,País Valencià""",
    "IT": """01 Abruzzo;02 Basilicata;03 Calabria;04 Campania;05 Emilia-Romagna,Emilia Romagna;06 Friuli-Venezia Giulia;07 Lazio;
        08 Liguria;09 Lombardia,Lombardei;10 Marche;11 Molise;12 Piemonte,Piemont;13 Puglia;14 Sardegna,Sardinien;15 Sicilia,Sizilien;
        16 Toscana,Toskana;17 Trentino,Alto Adige,Südtirol,South Tyrol;18 Umbria;19 Valle d'Aosta;20 Veneto""",
    "FR": """11 Ile de France,IDF,Région parisienne;24 Centre-Val de Loire;27 Bourgogne,Franche-Comté;28 Normandie;32 Hauts-de-France,Nord-Pas-de-Calais,Picardie;
        44 Alsace,Lorraine,Elsass,Champagne-Ardenne;52 Pays de la Loire;53 Bretagne,Breizh;75 Nouvelle-Aquitaine,Aquitaine;76 Occitanie,Languedoc;
        84 Auvergne,Rhône-Alpes,Haute-Savoie;93 PACA,Provence,Côte d'Azur;94 Corse""",
    "PT": "10 Madeira;23 Açores;14 Lisboa;09 Algarve",
    "NL": """01 Drenthe;02 Fryslân;03 Gelderland;05 Limburg;06 Noord-Brabant,Brabant;07 Noord-Holland;10 Zeeland;11 Zuid-Holland;
        15 Overijssel,Twente;16 Flevoland""",
    "BE": "BRU Bruxelles-Capitale;VLG Vlaanderen,Flandre,Oost-Vlaanderen,West-Vlaanderen;WAL Wallonie,Wallonië",
    "BR": """01 Acre|AC;02 Alagoas|AL;03 Amapá|AP;04 Amazonas|AM;05 Bahia|BA;06 Ceará|CE;07 Distrito Federal|DF;08 Espírito Santo|ES;
        11 Mato Grosso do Sul|MS;13 Maranhão|MA;14 Mato Grosso|MT;15 Minas Gerais|MG;16 Pará|PA;17 Paraíba|PB;18 Paraná|PR;20 Piauí|PI;
        21 Rio de Janeiro|RJ;22 Rio Grande do Norte|RN;23 Rio Grande do Sul|RS;24 Rondônia|RO;25 Roraima|RR;26 Santa Catarina|SC;
        27 São Paulo|SP;28 Sergipe|SE;29 Goiás|GO;30 Pernambuco|PE;31 Tocantins|TO""",
    "MX": "09 Ciudad de México|CDMX,DF;15 Estado de México|Edomex;05 Chiapas;14 Jalisco;19 Nuevo León|NL;02 |BC",
    "IN": "10 Haryana|HR;16 Maharashtra|MH;19 Karnataka|KA;25 Tamil Nadu|TN;36 Uttar Pradesh|UP;07 New Delhi,Delhi NCR;28 West Bengal|WB;13 Kerala|KL",
    "ID": "08 Jawa Timur;30 Jawa Barat;07 Jawa Tengah;04 DKI Jakarta",
    "AR": "07 Ciudad Autónoma de Buenos Aires,Capital Federal|CABA;24 Tucumán;05 Córdoba",
    "JP": """40 東京都,東京;19 神奈川県,神奈川;32 大阪府,大阪;01 愛知県,愛知;12 北海道;04 千葉県,千葉;34 埼玉県,埼玉;07 福岡県,福岡;
        22 京都府,京都;13 兵庫県,兵庫;37 静岡県,静岡;11 広島県,広島;47 沖縄県,沖縄;24 宮城県,宮城;14 茨城県,茨城;29 新潟県,新潟;
        26 長野県,長野;09 岐阜県,岐阜;38 栃木県,栃木;10 群馬県,群馬;31 岡山県,岡山;21 熊本県,熊本;18 鹿児島県,鹿児島""",
    "RU": "48 Москва;66 Санкт-Петербург,Питер,СПб;47 Московская область,Подмосковье;71 Свердловская область;73 Татарстан",
    "NG": "05 Lagos State;11 Abuja",
    "ZA": "06 Gauteng|GP;11 Western Cape|WC;02 |KZN",
}

# Country names in use that CLDR does not list.
COUNTRIES = {
    "US": "USA,U.S.A.,U.S.,United States of America,The United States,The States,Estados Unidos de América,EEUU,EE.UU.,États-Unis d'Amérique,Vereinigte Staaten von Amerika,米国,アメリカ",
    "GB": "UK,U.K.,GB,Great Britain,Britain,United Kingdom,England UK,Großbritannien,Reino Unido,Royaume-Uni,Regno Unito,Verenigd Koninkrijk",
    "AE": "UAE,U.A.E.", "NL": "The Netherlands,Holland,Holanda,Hollande,Olanda,Pays-Bas,Países Bajos,Paesi Bassi,Niederlande", "DE": "BRD,Federal Republic of Germany,Bundesrepublik Deutschland",
    "KR": "Republic of Korea,ROK", "ZA": "RSA", "CZ": "Czech Republic,Tschechische Republik,República Checa,République tchèque",
    "TR": "Turkey", "NZ": "Aotearoa", "RU": "Russian Federation,РФ", "CH": "Suisse,Svizzera,Swiss", "PH": "PH,Pilipinas", "IE": "Republic of Ireland,Éire",
    "MK": "Macedonia", "SZ": "Swaziland", "MM": "Burma", "CI": "Ivory Coast", "BR": "Brasil", "DO": "República Dominicana,RD", "AQ": "Antarctica",
}

# Codes that nobody takes for anything else, even alone and in any case.
CODES = "JP NZ KR NL PL SE DK FI UA TW VN GR CZ HU".split()

# Short names of cities.
CITIES = {
    ("New York City", "US"): "NYC,N.Y.C.,Nueva York,Manhattan,Brooklyn NY", ("San Francisco", "US"): "San Francisco Bay Area,Bay Area,SF Bay Area", ("Los Angeles", "US"): "Los Angeles County,L.A.",
    ("Washington", "US"): "Washington DC,Washington D.C.,DC Metro", ("Mexico City", "MX"): "CDMX,Ciudad de México,México DF,México D.F.", ("Philadelphia", "US"): "Philly",
    ("Frankfurt am Main", "DE"): "Frankfurt,Frankfurt/Main,FFM", ("Cologne", "DE"): "Köln,Koeln", ("Buenos Aires", "AR"): "CABA,Bs As,Bs. As.",
    ("The Hague", "NL"): "Den Haag", ("'s-Hertogenbosch", "NL"): "Den Bosch", ("São Paulo", "BR"): "Sampa", ("Ho Chi Minh City", "VN"): "Saigon", ("Kyiv", "UA"): "Kiev",
}

# Names of places that are words or first names: they count only beside another place ("Reading, UK").
WORDS = """of man same split nice home reading bath earth hope love peace dream forest mountain beach island islands house street city town
village center centre central north south east west northern southern eastern western downtown uptown capital state province region
district county republic union federal kingdom empire university college school hospital airport station bar best good bad big little
new old young king queen prince princess angel angels carolina wilson dakota logan mason carson casa sol luna mar vida amor paz norte sur
isla playa wald berg stadt land dorf maison monde terre mare qui ceu terra lua zee many male female police army normal hood buy see sale
most pool eden corner ice deal ripley gotha ware ham hub born bor her our you san los las santa batman buena rosa sara maria anna ada
moda liberal independence opportunity enterprise industry commerce college park la of bo po um ii iv al ala de da ed os as os un une""".split()

# Fiction, jokes and everywhere: whatever stands beside them, nobody is told where they are.
NOWHERE = """hogwarts|narnia|mordor|middle earth|middle-earth|gotham|gotham city|wakanda|westeros|winterfell|neverland|never never land|wonderland|
atlantis|utopia|metropolis|krypton|tatooine|asgard|hyrule|azkaban|rivendell|the shire|hell|heaven|paradise|purgatory|limbo|the void|void|
moon|the moon|mars|planet earth|jupiter|saturn|venus|pluto|uranus|the sun|outer space|space|the universe|universe|the multiverse|milky way|
everywhere|nowhere|somewhere|anywhere|elsewhere|everywhere and nowhere|in your head|in your heart|in your dreams|your mom|my bed|bed|home|
internet|the internet|the web|online|cyberspace|metaverse|cloud|the cloud|fediverse|twitter|world wide web|
überall|nirgendwo|irgendwo|hölle|himmel|mond|der mond|weltall|im internet|zuhause|mittelerde|
partout|nulle part|quelque part|enfer|paradis|la lune|lune|ailleurs|chez moi|
en todas partes|ninguna parte|infierno|el infierno|el cielo|cielo|la luna|en mi casa|por ahi|
ovunque|da nessuna parte|inferno|paradiso|
em todo lugar|lugar nenhum|céu|mundo da lua|
overal|nergens|ergens|hemel|thuis""".replace("\n", "").split("|")
