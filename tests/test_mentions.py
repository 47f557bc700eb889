"""Which law a letter names."""

import pytest

from bot.clocks import regimes
from bot.law.clock_table import table
from bot.law.mentions import act_of, named_regime


@pytest.mark.parametrize(
    ("text", "regime"),
    [
        ("As a California resident I ask you under the CCPA to delete my data.", "us_ca_ccpa"),
        ("under Cal. Civ. Code § 1798.105(a)", "us_ca_ccpa"),
        ("I make this request under the UK GDPR.", "uk_gdpr"),
        ("gemäss revDSG verlange ich Auskunft", "ch_fadp"),
        ("com base na LGPD, solicito acesso", "br_lgpd"),
        ("en vertu de la Loi 25", "ca_qc_law25"),
        ("Texas Data Privacy and Security Act", "us_tx_tdpsa"),
        ("Privacy Act 1988 (Cth)", "au_app"),
    ],
)
def test_a_letter_that_names_a_law_proposes_it(text: str, regime: str) -> None:
    assert named_regime(text, "eu_gdpr") == regime


@pytest.mark.parametrize("text", ["Art. 17 DSGVO", "tengo el número 13709", "un medico, un amico", "please send me my data", ""])
def test_a_letter_that_names_none_proposes_none(text: str) -> None:
    assert named_regime(text, "eu_gdpr") is None


def test_the_default_law_is_no_proposal() -> None:
    assert named_regime("under the CCPA", "us_ca_ccpa") is None


def test_every_row_of_the_table_speaks_of_a_known_regime() -> None:
    assert set(table().mentions) <= set(regimes())
    assert act_of("us_ca_ccpa") == "the CCPA"
