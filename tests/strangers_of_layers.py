"""What a stranger would send to the page of layers and its counts; part of `tests/strangers.py`."""


def list_of_layers(district: str, authority: str) -> dict[str, list[str]]:
    """Return what to send for each parameter of the page.

    Args:
        district: Code of the publishing area where everything is.
        authority: Code of the authority around it.
    """
    return {
        "version": ["0"],
        "relation": ["works_in", "registered_in"],
        "indicator": ["deprivation_score_2025"],
        "compare": ["health_score_2025"],
        "breaks": ["equal"],
        "view": ["both"],
        "organisations": ["works_in", "registered_in"],
        "page": ["2"],
        "layers.kind": ["charity"],
        "layers.period": ["2025"],
        "layers.age": [""],
        "layers.sort": ["assets", "organisations"],
        "layers.area": [district, authority],
    }
