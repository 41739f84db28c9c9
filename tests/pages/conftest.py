"""Pages without a build of the frontend: a manifest is all they need of it."""

import json
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.core.settings import Settings

MANIFEST = {
    "src/main.ts": {"file": "assets/main-1.js", "css": ["assets/main-2.css"], "isEntry": True},
    "src/mark.svg": {"file": "assets/mark-3.svg"},
    "src/mark-maskable.svg": {"file": "assets/mark-maskable-4.svg"},
    "src/mark-180.png": {"file": "assets/mark-180-5.png"},
    "src/mark-192.png": {"file": "assets/mark-192-6.png"},
    "src/mark-512.png": {"file": "assets/mark-512-7.png"},
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose build folder holds a manifest and nothing else."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    return Settings(_env_file=None, var_dir=tmp_path / "var", run_worker=False, frontend_dir=folder)


@pytest.fixture
def app(client: httpx.AsyncClient) -> FastAPI:
    """The application behind `client`."""
    transport = client._transport
    assert isinstance(transport, httpx.ASGITransport)
    assert isinstance(transport.app, FastAPI)
    return transport.app
