"""Thanks: mere words of thanks are known in many languages, and never where there may be more to it."""

import pytest

from bot.reading.thanks import is_mere_thanks


@pytest.mark.parametrize("text", [
    "Thank you very much!", "Thanks a lot for your quick help.\n\nJo", "Vielen Dank für die schnelle Antwort.", "Merci beaucoup !",
    "Muchas gracias por su respuesta.", "Grazie mille", "Hartelijk dank voor uw snelle reactie.", "Dziękuję bardzo!", "Děkuji za odpověď.",
    "Köszönöm szépen.", "Mulțumesc frumos!", "Благодаря ви!", "Σας ευχαριστώ πολύ.", "Tack så mycket!", "Mange tak for hjælpen", "Kiitos!",
    "Paldies!", "Suur tänu, aitäh!", "Hvala lepa.", "Muito obrigada!", "Go raibh maith agat", "Grazzi ħafna",
])  # fmt: skip
def test_are_known(text: str) -> None:
    assert is_mere_thanks(text)


@pytest.mark.parametrize("text", [
    "Thanks, but page three is missing.", "Thank you. Please send the rest.", "Thanks! Where is the file?", "Thanks. See page 3.",
    "Danke, aber das ist nicht alles.", "Vielen Dank, leider fehlt Teil zwei.", "Merci, il manque une page.", "Gracias, falta algo.",
    "Grazie, ma non basta.", "Dank u, maar het is niet volledig.", "Dziękuję, ale to nie wszystko.", "Tack, men det saknas en sida.",
    "Kiitos, mutta tämä ei riitä.", "Ευχαριστώ, αλλά δεν αρκεί.", "Köszönöm, de ez nem elég.", "Děkuji, ale není to vše.",
    "Thanks, my new address is jo@home.example", "I am not satisfied.", "OK", "", "Thanks " * 40,
])  # fmt: skip
def test_are_not_seen_where_there_may_be_more(text: str) -> None:
    assert not is_mere_thanks(text)
