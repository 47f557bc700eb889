"""Thanks: whether a short text is a mere word of thanks, in the languages of the EU; whatever may be more than that is not."""

import re

from bot.reading.quote_words import table

# How words of thanks begin.
_THANKS = table("""
    thank | thx | cheers | danke | dank | vielen dank | merci | remerci | gracias | agradec | grazie | ringrazi | bedankt | dankjewel
    obrigad | dzięk | dziek | děkuj | dekuj | díky | ďakuj | hvala | zahvalj | köszön | koszon | mulțum | multum | мерси | благодар
    ευχαριστ | ačiū | dėkoj | paldies | aitäh | tänan | tack | tak | takk | kiit | go raibh | grazzi | спасибо | дякую | teşekkür | þakk
""")

# Words beside which there may be more to it: but, not, still, missing, please, however. The table may well hold too many.
_MORE = frozenset(table("""
    but | however | not | no | still | yet | missing | please | wrong | only | except | although | unfortunately | incomplete | where | when
    cannot | can't | don't | didn't | isn't | never | want | need | send | also
    aber | jedoch | nicht | kein | keine | noch | fehlt | fehlen | bitte | falsch | leider | nur | trotzdem | wo | wann | auch
    mais | pas | ne | encore | manque | manquent | svp | faux | cependant | malheureusement | où | quand | aussi | incomplet
    pero | falta | faltan | todavía | aún | favor | dónde | cuándo | también | incompleto | ma | però | non | manca | mancano | ancora
    purtroppo | dove | quando | anche | maar | echter | niet | geen | nog | ontbreekt | ontbreken | helaas | alstublieft | graag | waar
    mas | não | ainda | porém | infelizmente | onde | também | ale | nie | jeszcze | brakuje | proszę | niestety | gdzie | też
    ne | není | ještě | chybí | prosím | bohužel | kde | také | ešte | chýba | bohužiaľ | ali | vendar | ni | še | manjka | prosim | žal
    još | nedostaje | molim | nažalost | de | azonban | nem | még | hiányzik | kérem | sajnos | hol | is | dar | însă | nu | încă | lipsește
    vă rog | din păcate | unde | но | обаче | не | още | липсва | моля | къде | αλλά | όμως | δεν | δε | ακόμα | λείπει | παρακαλώ | πού
    bet | tačiau | dar | trūksta | prašau | deja | kur | nav | vēl | trūkst | lūdzu | diemžēl | aga | kuid | ei | pole | veel | puudub
    palun | kahjuks | kus | men | inte | ännu | saknas | tyvärr | var | också | ikke | endnu | mangler | venligst | desværre | hvor | også
    ennå | dessverre | vennligst | mutta | en | vielä | puuttuu | valitettavasti | missä | ach | níl | fós | imma | mhux | għadu | но | нет
    ещё | але | ama | değil | en | ekki | vantar
""")) - {"de", "is", "en", "var"}  # fmt: skip  # in other languages these stand in every sentence
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LONGEST = 30  # words


def is_mere_thanks(text: str) -> bool:
    """A few words of thanks without a figure, a question, a link or a word that may take them back. When in doubt: False."""
    said = text.casefold()
    words = _WORD.findall(said[:2_000].replace("’", "'"))
    if not 0 < len(words) <= _LONGEST or len(said) > 1_000 or re.search(r"[\d?？;;]|://|@", said):
        return False
    thanks = any(word.startswith(_THANKS) for word in words) or "go raibh" in said
    return thanks and not _MORE.intersection(words)
