//! GDELT names languages and countries in English.

/// The languages of GDELT Translingual: name, ISO 639-1, ISO 639-2.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("afrikaans", "af", "afr"),
    ("albanian", "sq", "sqi"),
    ("arabic", "ar", "ara"),
    ("armenian", "hy", "hye"),
    ("azerbaijani", "az", "aze"),
    ("basque", "eu", "eus"),
    ("belarusian", "be", "bel"),
    ("bengali", "bn", "ben"),
    ("bosnian", "bs", "bos"),
    ("bulgarian", "bg", "bul"),
    ("catalan", "ca", "cat"),
    ("chinese", "zh", "zho"),
    ("croatian", "hr", "hrv"),
    ("czech", "cs", "ces"),
    ("danish", "da", "dan"),
    ("dutch", "nl", "nld"),
    ("english", "en", "eng"),
    ("estonian", "et", "est"),
    ("finnish", "fi", "fin"),
    ("french", "fr", "fra"),
    ("galician", "gl", "glg"),
    ("georgian", "ka", "kat"),
    ("german", "de", "deu"),
    ("greek", "el", "ell"),
    ("gujarati", "gu", "guj"),
    ("hebrew", "he", "heb"),
    ("hindi", "hi", "hin"),
    ("hungarian", "hu", "hun"),
    ("icelandic", "is", "isl"),
    ("indonesian", "id", "ind"),
    ("italian", "it", "ita"),
    ("japanese", "ja", "jpn"),
    ("kannada", "kn", "kan"),
    ("kazakh", "kk", "kaz"),
    ("korean", "ko", "kor"),
    ("latvian", "lv", "lav"),
    ("lithuanian", "lt", "lit"),
    ("macedonian", "mk", "mkd"),
    ("malay", "ms", "msa"),
    ("malayalam", "ml", "mal"),
    ("marathi", "mr", "mar"),
    ("mongolian", "mn", "mon"),
    ("nepali", "ne", "nep"),
    ("norwegian", "no", "nor"),
    ("norwegiannynorsk", "nn", "nno"),
    ("persian", "fa", "fas"),
    ("polish", "pl", "pol"),
    ("portuguese", "pt", "por"),
    ("punjabi", "pa", "pan"),
    ("romanian", "ro", "ron"),
    ("russian", "ru", "rus"),
    ("serbian", "sr", "srp"),
    ("sinhalese", "si", "sin"),
    ("slovak", "sk", "slk"),
    ("slovenian", "sl", "slv"),
    ("somali", "so", "som"),
    ("spanish", "es", "spa"),
    ("swahili", "sw", "swa"),
    ("swedish", "sv", "swe"),
    ("tamil", "ta", "tam"),
    ("telugu", "te", "tel"),
    ("thai", "th", "tha"),
    ("tibetan", "bo", "bod"),
    ("turkish", "tr", "tur"),
    ("ukrainian", "uk", "ukr"),
    ("urdu", "ur", "urd"),
    ("vietnamese", "vi", "vie"),
];

/// The ISO 639-1 code of a language by its English name or three-letter code.
pub(super) fn language(name: &str) -> Option<&'static str> {
    let folded = fold(name);
    LANGUAGES
        .iter()
        .find(|(n, _, three)| *n == folded || *three == folded)
        .map(|(_, code, _)| *code)
}

/// The name by which a language is asked for.
pub(super) fn language_name(code: &str) -> Option<&'static str> {
    LANGUAGES
        .iter()
        .find(|(_, c, _)| *c == code)
        .map(|(name, ..)| *name)
}

/// The ISO 3166-1 alpha-2 code of a country by the name GDELT uses; `None` for one that no longer is, or is disputed
/// in its name.
pub(super) fn country(name: &str) -> Option<&'static str> {
    let folded = fold(name);
    COUNTRIES.split_ascii_whitespace().find_map(|pair| {
        let (code, names) = pair.split_once('=')?;
        names.split('|').any(|n| n == folded).then_some(code)
    })
}

fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Codes and names, folded: letters alone, in lower case.
const COUNTRIES: &str = "
AD=andorra AE=unitedarabemirates AF=afghanistan AG=antiguaandbarbuda AI=anguilla AL=albania AM=armenia AO=angola
AR=argentina AS=americansamoa AT=austria AU=australia AW=aruba AZ=azerbaijan BA=bosniaandherzegovina|bosniaherzegovina
BB=barbados BD=bangladesh BE=belgium BF=burkinafaso BG=bulgaria BH=bahrain BI=burundi BJ=benin BM=bermuda
BN=brunei|bruneidarussalam BO=bolivia BR=brazil BS=bahamas|thebahamas BT=bhutan BW=botswana BY=belarus BZ=belize CA=canada
CD=democraticrepublicofthecongo|congodemocraticrepublicofthe|zaire CF=centralafricanrepublic CG=congo|republicofthecongo
CH=switzerland CI=ivorycoast|cotedivoire CK=cookislands CL=chile CM=cameroon CN=china CO=colombia CR=costarica CU=cuba
CV=capeverde|caboverde CW=curacao CY=cyprus CZ=czechrepublic|czechia DE=germany DJ=djibouti DK=denmark DM=dominica
DO=dominicanrepublic DZ=algeria EC=ecuador EE=estonia EG=egypt ER=eritrea ES=spain ET=ethiopia FI=finland FJ=fiji
FK=falklandislands FM=micronesia|federatedstatesofmicronesia FO=faroeislands FR=france GA=gabon GB=unitedkingdom|greatbritain
GD=grenada GE=georgia GF=frenchguiana GG=guernsey GH=ghana GI=gibraltar GL=greenland GM=gambia|thegambia GN=guinea
GP=guadeloupe GQ=equatorialguinea GR=greece GT=guatemala GU=guam GW=guineabissau GY=guyana HK=hongkong HN=honduras
HR=croatia HT=haiti HU=hungary ID=indonesia IE=ireland IL=israel IM=isleofman IN=india IQ=iraq IR=iran IS=iceland IT=italy
JE=jersey JM=jamaica JO=jordan JP=japan KE=kenya KG=kyrgyzstan KH=cambodia KI=kiribati KM=comoros KN=saintkittsandnevis
KP=northkorea KR=southkorea|korea KW=kuwait KY=caymanislands KZ=kazakhstan LA=laos LB=lebanon LC=saintlucia|stlucia
LI=liechtenstein LK=srilanka LR=liberia LS=lesotho LT=lithuania LU=luxembourg LV=latvia LY=libya MA=morocco MC=monaco
MD=moldova ME=montenegro MG=madagascar MH=marshallislands MK=macedonia|northmacedonia ML=mali MM=myanmar|burma MN=mongolia
MO=macau|macao MQ=martinique MR=mauritania MS=montserrat MT=malta MU=mauritius MV=maldives MW=malawi MX=mexico MY=malaysia
MZ=mozambique NA=namibia NC=newcaledonia NE=niger NG=nigeria NI=nicaragua NL=netherlands NO=norway NP=nepal NR=nauru NU=niue
NZ=newzealand OM=oman PA=panama PE=peru PF=frenchpolynesia PG=papuanewguinea PH=philippines PK=pakistan PL=poland
PR=puertorico PS=palestine|palestinianterritory|gazastrip|westbank PT=portugal PW=palau PY=paraguay QA=qatar RE=reunion
RO=romania RS=serbia RU=russia|russianfederation RW=rwanda SA=saudiarabia SB=solomonislands SC=seychelles SD=sudan SE=sweden
SG=singapore SI=slovenia SK=slovakia|slovakrepublic SL=sierraleone SM=sanmarino SN=senegal SO=somalia SR=suriname
SS=southsudan ST=saotomeandprincipe SV=elsalvador SY=syria SZ=swaziland|eswatini TC=turksandcaicosislands TD=chad TG=togo
TH=thailand TJ=tajikistan TL=easttimor|timorleste TM=turkmenistan TN=tunisia TO=tonga TR=turkey|turkiye TT=trinidadandtobago
TV=tuvalu TW=taiwan TZ=tanzania UA=ukraine UG=uganda US=unitedstates|unitedstatesofamerica UY=uruguay UZ=uzbekistan
VA=vaticancity VC=saintvincentandthegrenadines VE=venezuela VG=britishvirginislands VI=virginislands VN=vietnam VU=vanuatu
WS=samoa XK=kosovo YE=yemen ZA=southafrica ZM=zambia ZW=zimbabwe";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_codes_and_unknown_ones_nothing() {
        assert_eq!(
            (language("Spanish"), language("ara"), language("Klingon")),
            (Some("es"), Some("ar"), None)
        );
        assert_eq!(language_name("de"), Some("german"));
        assert_eq!(
            (country("United Kingdom"), country("Cote d'Ivoire"), country("")),
            (Some("GB"), Some("CI"), None)
        );
    }

    #[test]
    fn every_code_is_told_once() {
        let codes: Vec<&str> = COUNTRIES
            .split_ascii_whitespace()
            .filter_map(|p| Some(p.split_once('=')?.0))
            .collect();
        assert!(codes.len() > 190 && codes.windows(2).all(|w| w[0] < w[1]));
    }
}
