# ruff: noqa: E501  (patterns read worse when they are broken)
"""The commonest phrases in other languages, for folded text (no accents, lower case)."""

from assistant.instructions.phrases import phrase

_RUSSIAN = (
    phrase(
        "игнорир|забуд|не след|не выполн",
        r"\b(?:про)?(?:игнорируи|забуд[ьу]|не следуи|не выполняи)(?:те)?[ ,]{1,2}(?:\w{1,15}[ ,]{1,2}){0,3}"
        r"(?:предыдущ|прежн|выше|всe|все|свои|твои|ваши|системн)\w{0,6}[ ,]{1,2}(?:\w{1,15} ){0,3}?"
        r"(?:инструкц|указан|правил|команд|сказан|подсказ|промпт|выше)\w{0,6}",
    ),
    phrase(
        "ты |вы ",
        r"\b(?:ты|вы)(?: теперь| больше)?(?: —| –| -| не)? ?(?:являе\w{3,4} )?(?:больш\w{2,3} )?"
        r"(?:языков\w{2,3} модел|искусственн\w{2,3} интеллект|ии-|ии\b|неиросет|чат-?бот)",
    ),
    phrase(
        "пользовател",
        r"(?:^|[.,:;!?\n] ?)(?:сообщи|скажи|ответь|передаи|напиши|посоветуи)(?:те)? пользовател",
    ),
    phrase(
        "модел|ассистент|ии|неиросет|бот",
        r"\b(?:инструкци|примечани|сообщени|внимани|указани|задани)[яе]?,? (?:для |всем )?"
        r"(?:языков\w{2,3} модел|ии\b|ии-|неиросет|ассистент|чат-?бот|бот)",
    ),
    phrase(
        "отвечаи",
        r"(?:^|[.!?:\n] ?)(?:теперь |всегда )?отвечаи(?:те)? (?:только|всегда|на все|на любо)",
    ),
)
_FRENCH = (
    phrase(
        "instructions|consignes|directives|regles",
        r"\b(?:ignore[zr]?|oublie[zs]?|ne (?:suis|suivez|respecte[zs]?) (?:pas|plus)) (?:(?:toutes les"
        r"|les|toute) )?(?:(?:tes|vos|tous|mes|autres|precedentes) )?(?:\w{1,12} )?(?:instructions"
        r"|consignes|directives|regles) (?:precedentes|anterieures|ci-dessus|donnees|du systeme)"
        r"|\b(?:ignore[zr]?|oublie[zs]?) (?:toutes )?(?:tes|vos) (?:instructions|consignes|directives)",
    ),
    phrase(
        "utilisateur",
        r"(?:^|[.,:;!?\n] ?|\bet )(?:dis|dites|indique[zr]?|annonce[zr]?|informe[zsr]?|reponde?[zs]?)"
        r" (?:a )?l'utilisateur (?:que?|qu'|de)",
    ),
    phrase(
        "tu es |vous etes |note|message|instruction|avis|consigne|attention"
        "& ia|'ia|intelligence|modele|chatbot|assistants ia",
        r"\b(?:si )?(?:tu es|vous etes) (?:maintenant |desormais )?(?:une?|l')? ?(?:ia\b|intelligence"
        r" artificielle|(?:grand )?modele de langage|assistant ia|chatbot)"
        r"|\b(?:note|message|instructions?|avis|consignes?|attention),? ?(?:a|pour|aux|a l'attention de)?"
        r" ?(?:l'|les |des |le |toute |tout )?(?:ia\b|intelligences? artificielles?|modeles? de langage"
        r"|assistants? ia|chatbots?) ?[:.,!]",
    ),
)
_GERMAN = (
    phrase(
        "anweisung|instruktion|vorgabe|aufforderung|befehl|regeln",
        r"\b(?:ignoriere?|ignorieren sie|vergiss|vergessen sie|missachte|missachten sie|uberschreibe)"
        r" (?:(?:alle|samtliche|die|bitte|deine|ihre) ){0,2}(?:(?:vorherig|bisherig|obig|fruher|vorig"
        r"|vorangegangen|vorangehend|system)\w{0,4} )?(?:system)?(?:anweisung|instruktion|vorgabe"
        r"|aufforderung|befehl|regeln)\w{0,4}",
    ),
    phrase(
        "sprachmodell| ki|chatbot|assistent|kunstliche",
        r"\b(?:hinweis|anweisung|nachricht|mitteilung|achtung|anmerkung|auftrag)(?:en|e)?,? (?:an|fur)?"
        r" ?(?:das|die|den|alle|jede\w?|ein\w{0,2})? ?(?:ki\b|ki-|(?:gro\w{2,4} )?sprachmodell"
        r"|ki-assistent|assistenten|chatbot)\w{0,12} ?[:.,!(]"
        r"|\b(?:wenn|falls|da|weil)? ?(?:du|sie) (?:ein\w? (?:ki\b|kunstliche intelligenz|sprachmodell"
        r"|chatbot|ki-\w{3,12}) (?:bist|sind))"
        r"|\b(?:du bist|sie sind) (?:jetzt |nun |ab jetzt )?(?:ein\w? )(?:ki\b|kunstliche intelligenz"
        r"|(?:gro\w{2,4} )?sprachmodell|chatbot|ki-\w{3,12})",
    ),
    phrase(
        "nutzer|anwender",
        r"(?:^|[.,:;!?\n] ?|\bund )(?:sage?|teile?|sagen sie|antworte|teilen sie|empfiehl) (?:dem|der"
        r"|den|allen) (?:be)?(?:nutzer|anwender)\w{0,3}",
    ),
)
_SPANISH = (
    phrase(
        "instrucciones|indicaciones|directrices|reglas",
        r"\b(?:ignor[ae]n?|olvid[ae]n?|descart[ae]|omit[ae]) (?:(?:todas|cualesquiera) )?(?:las |tus |sus"
        r" |mis )?(?:(?:otras|anteriores|previas) )?(?:instrucciones|indicaciones|directrices|reglas)"
        r" (?:anteriores|previas|precedentes|del sistema|de arriba|dadas)"
        r"|\b(?:ignor[ae]|olvid[ae]) (?:todas )?(?:tus) (?:instrucciones|indicaciones|directrices)",
    ),
    phrase(
        " ia|inteligencia art|modelo|asistente|chatbot",
        r"\b(?:nota|mensaje|instruccion(?:es)?|aviso|atencion),? (?:para|a)? ?(?:la |el |las |los |un"
        r" |una |cualquier |todo )?(?:ia\b|inteligencia artificial|modelos? de lenguaje|asistente"
        r"|chatbot) ?[:.,!]"
        r"|\b(?:eres|usted es) (?:ahora )?una? (?:ia\b|inteligencia artificial|(?:gran )?modelo de"
        r" lenguaje|asistente de ia|chatbot)",
    ),
    phrase(
        "usuario",
        r"(?:^|[.,:;!?\n] ?|\by )(?:di|dile|digale|diga|informa|informe|indica|responde|recomienda)"
        r" (?:le )?al usuario\b",
    ),
)
_TURKISH = (
    phrase(
        "talimat|yonerge|komut",
        r"\b(?:onceki|yukaridaki|tum|butun|verilen) (?:\w{1,12} ){0,2}(?:talimat|yonerge|komut)\w{0,8}"
        r" (?:\w{1,10} )?(?:yok say|gormezden gel|unut|goz ardi et|dikkate alma|uyma)\w{0,6}",
    ),
    phrase(
        "yapay zeka|dil model",
        r"\b(?:sen|siz)(?: artik)?(?: bir)? (?:\w{1,10} )?(?:yapay zeka|dil model)"
        r"|\b(?:okuyan|isleyen|ozetleyen|goren) (?:\w{1,8} )?(?:yapay zeka|(?:buyuk )?dil model)"
        r"|\b(?:yapay zeka|dil model)\w{0,4}(?: asistani| modeli)?(?:na|ne)? (?:isen|iseniz|icin (?:not"
        r"|talimat|mesaj))",
    ),
    phrase(
        "kullaniciya",
        r"\bkullaniciya [^.!?\n]{0,80}\b(?:soyle|bildir|yaz|tavsiye et)(?:yin|in)?[.!]",
    ),
)
_ARMENIAN = (
    phrase(
        "հրահանգ|ցուցում|կանոն",
        r"(?:անտեսիր|անտեսեք|մոռացիր|մոռացեք|մի՛? ?(?:հետևիր|հետեւիր|հետևեք|կատարիր))"
        r" (?:\w{1,12} ){0,3}(?:հրահանգ|ցուցում|կանոն)\w{0,6}",
    ),
    phrase(
        "բանականություն|լեզվական մոդել",
        r"\b(?:դու|դուք|եթե)(?: դու| դուք)? (?:մի )?(?:մեծ )?(?:արհեստական բանականություն"
        r"|լեզվական մոդել) ?(?:ես|եք)",
    ),
    phrase(
        "օգտատիր|օգտվող",
        r"\b(?:օգտատիրոջը?|օգտվողին) (?:ասա|ասեք|հայտնիր|տեղեկացրու|գրիր)"
        r"|\b(?:ասա|ասեք|հայտնիր|տեղեկացրու) (?:օգտատիրոջը?|օգտվողին)",
    ),
)
LATIN = (*_FRENCH, *_GERMAN, *_SPANISH, *_TURKISH)
OTHER = (*_RUSSIAN, *_ARMENIAN)
"""Each shows by itself that a model is spoken to."""
