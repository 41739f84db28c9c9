"""Need that is put together from several indicators."""

from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest

from tests.analysis.test_analyses import PATH, ask

INCOME, HEALTH = "income_score_2025", "health_score_2025"


async def read_need(client: httpx.AsyncClient, **need: object) -> pd.Series:
    """Return the need of each area, by its code."""
    areas = (await ask(client, everyone=True, need=need))["areas"]
    return pd.Series(areas["need"], index=areas["codes"], dtype=float)


async def test_several_are_put_together_by_their_weights(client: httpx.AsyncClient) -> None:
    income, health = [await read_need(client, indicator=each) for each in (INCOME, HEALTH)]
    assert income.isna().any(), "an area without people has no figure"
    others = [{"indicator": HEALTH, "weight": 3}]
    found = await read_need(client, indicator=INCOME, others=others)
    ranks = [each.rank(method="average") / each.notna().sum() for each in (income, health)]
    assert found.to_numpy() == pytest.approx(
        ((ranks[0] + 3 * ranks[1]) / 4).to_numpy(), abs=1e-8, nan_ok=True
    )
    found = await read_need(client, indicator=INCOME, others=others, normalisation="z")
    z = [(each - each.mean()) / each.std(ddof=0) for each in (income, health)]
    assert found.to_numpy() == pytest.approx(
        ((z[0] + 3 * z[1]) / 4).to_numpy(), abs=1e-8, nan_ok=True
    )
    found = await read_need(client, indicator=INCOME, others=others, combination="geometric")
    logs = (np.log(ranks[0]) + 3 * np.log(ranks[1])) / 4
    assert found.to_numpy() == pytest.approx(np.exp(logs).to_numpy(), abs=1e-8, nan_ok=True)


async def test_what_is_good_when_high_is_turned_round(client: httpx.AsyncClient) -> None:
    """A rank of 1 is the most deprived: with the score it was made of nothing changes."""
    score = await read_need(client, indicator=INCOME)
    both = await read_need(client, indicator=INCOME, others=[{"indicator": "income_rank_2025"}])
    assert list(both.dropna().sort_values().index[-5:]) == list(
        score.dropna().sort_values().index[-5:]
    )


async def test_the_answer_and_its_files_say_how(client: httpx.AsyncClient) -> None:
    need = {"indicator": INCOME, "others": [{"indicator": HEALTH, "weight": 2}]}
    answer = await ask(client, everyone=True, need=need)
    said = answer["asked"]["need_made"]
    assert said.startswith("mean of ranks from 0 to 1: Income deprivation")
    assert "(weight 1); Health" in said
    assert "(weight 2)" in said
    assert " with Health" in answer["asked"]["need"]
    table = (await client.get(f"{PATH}/{answer['id']}.csv")).text
    assert table.count("# source of need: ") == 2
    report = (await client.get(f"{PATH}/{answer['id']}.html")).text
    assert said in report
    assert "divided into thirds of the areas here" in report
    assert "have changed since" not in report
    alone = await ask(client, everyone=True, need={"indicator": INCOME})
    assert alone["asked"]["need_made"] is None
    assert alone["hash"] != answer["hash"]


@pytest.mark.reads
@pytest.mark.parametrize(
    ("need", "status", "says"),
    [
        ({"others": [{"indicator": INCOME}]}, 400, "twice. Name it once, with a larger weight."),
        ({"others": [{"indicator": "no_such"}]}, 404, "no_such"),
        (
            {
                "others": [{"indicator": HEALTH}],
                "normalisation": "z",
                "combination": "geometric",
            },
            400,
            "Need cannot be put together: A geometric mean needs values above 0",
        ),
        ({"others": [{"indicator": HEALTH, "weight": 0}]}, 422, "weight"),
        ({"others": [{"indicator": HEALTH}] * 10}, 422, "others"),
        ({"others": [{"indicator": HEALTH, "others": []}]}, 422, "others"),
        ({"normalisation": "ranks"}, 422, "normalisation"),
    ],
)
async def test_what_cannot_be_put_together_is_told(
    client: httpx.AsyncClient, need: dict[str, Any], status: int, says: str
) -> None:
    asked = {"category": "library", "everyone": True, "need": {"indicator": INCOME, **need}}
    answer = await client.post(PATH, json=asked)
    assert answer.status_code == status
    assert says in str(answer.json())
