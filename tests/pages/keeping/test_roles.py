"""Who may do what: roles given and ended, and the page of whoever is signed in."""

from sqlalchemy import text

from app.accounts.permissions import Role
from tests.pages.keeping.conftest import HTML, Enter, Ground, read_hidden, send


async def test_a_role_is_given_by_the_name_of_its_area_and_ended(
    ground: Ground, enter: Enter
) -> None:
    coordinator = await enter(Role.COORDINATOR, name="Cora")
    page = (await coordinator.get("/admin/roles", headers=HTML)).text
    assert 'value="administrator"' not in page, "only roles that she may give are offered"
    (area,) = await ground.fetch(
        "SELECT a.name FROM areas AS a JOIN boundary_sets AS s ON s.id = a.boundary_set_id"
        " WHERE s.area_type = 'authority' AND a.code = :code LIMIT 1",
        code=ground.here.code,
    )
    wanted = {
        "email": "new@example.org", "role": "organiser", "area_type": "authority",
        "area": area.name.upper(),
    }  # fmt: skip
    answer = await send(coordinator, "/admin/roles", {**wanted})
    assert answer.headers["location"] == "/admin/roles?done=given"
    page = (await coordinator.get("/admin/roles", headers=HTML)).text
    assert "new@example.org" in page
    again = await send(coordinator, "/admin/roles", {**wanted})
    assert again.status_code == 400
    assert "This person is organiser there already." in again.text
    (row,) = await ground.fetch(
        "SELECT g.id FROM role_grants AS g JOIN people AS p ON p.id = g.person_id"
        " WHERE p.email = 'new@example.org'"
    )
    end = f"/admin/roles/{row.id}/end"
    asked = (await coordinator.get(end, headers=HTML)).text
    assert f"new@example.org is organiser: {area.name}." in asked
    ended = await send(coordinator, end, {})
    assert ended.headers["location"] == "/admin/roles?done=ended"
    again = await coordinator.post(end, data=read_hidden(asked), headers=HTML)
    assert again.headers["location"] == "/admin/roles?done=ended+before"


async def test_slips_are_told_beside_their_fields(ground: Ground, enter: Enter) -> None:  # noqa: ARG001 - the people live there
    coordinator = await enter(Role.COORDINATOR)
    answer = await send(coordinator, "/admin/roles", {"area": "<b>"})
    assert answer.status_code == 400
    for words in ("Give the e-mail address", "Choose a role.", "Choose the kind of area"):
        assert answer.text.count(words) == 2
    typed = {"email": "x", "role": "organiser", "area_type": "authority", "area": "<b>Nowhere"}
    answer = await send(coordinator, "/admin/roles", {**typed})
    assert "There is no area of this kind called &#39;&lt;b&gt;Nowhere&#39;." in answer.text
    typed = {"email": "new@example.org", "role": "administrator", "area_type": "everywhere"}
    answer = await send(coordinator, "/admin/roles", {**typed})
    assert answer.status_code == 400
    assert "Your roles do not allow you" in answer.text


async def test_the_last_administrator_stays(ground: Ground, enter: Enter) -> None:
    administrator = await enter(Role.COORDINATOR, name="Cora")
    async with ground.database.sessions.begin() as session:
        await session.execute(
            text(
                "UPDATE role_grants SET role = 'administrator', area_type = NULL, area_code = NULL"
            )
        )
    (row,) = await ground.fetch("SELECT id FROM role_grants")
    answer = await send(administrator, f"/admin/roles/{row.id}/end", {})
    assert answer.status_code == 409
    assert "This is the last administrator everywhere" in answer.text


async def test_a_person_is_called_otherwise_and_signs_out_everywhere(
    ground: Ground, enter: Enter
) -> None:
    sue = await enter(name="Sue")
    page = (await sue.get("/account", headers=HTML)).text
    assert "Nothing yet. What you add, suggest or report" in page
    assert "On this device" in page
    answer = await send(sue, "/account/name", {"name": "Sue <b>"}, opened="/account")
    assert answer.headers["location"] == "/account?saved=name"
    assert "<strong>Sue &lt;b&gt;</strong>" in (await sue.get("/account", headers=HTML)).text
    answer = await send(sue, "/account/name", {"name": "x" * 201}, opened="/account")
    assert answer.status_code == 400
    assert answer.text.count("A name is one line of at most 200 characters.") == 2
    answer = await send(sue, "/account/sign-out-everywhere", {}, opened="/account")
    assert answer.headers["location"] == "/"
    assert await ground.fetch("SELECT 1 FROM sessions WHERE ended_at IS NULL") == []
    assert (await sue.get("/account", headers=HTML)).status_code == 303
