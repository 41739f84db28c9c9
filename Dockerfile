# syntax=docker/dockerfile:1
# Three stages: the frontend, the Python packages, and a runtime that holds only what they made.
# No PostgreSQL inside: compose.yaml shows the service beside one.
ARG NODE_IMAGE=node:22-bookworm-slim
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${NODE_IMAGE} AS frontend
WORKDIR /build/app/frontend
COPY app/frontend/package.json app/frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY app/frontend/ ./
RUN npm run build

FROM ${PYTHON_IMAGE} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python3 -m venv /opt/venv
COPY requirements/app.txt /tmp/app.txt
RUN /opt/venv/bin/pip install --require-hashes --requirement /tmp/app.txt

FROM ${PYTHON_IMAGE}
RUN useradd --system --uid 10001 --home-dir /srv/hereabouts --shell /usr/sbin/nologin hereabouts \
    && install -d -o hereabouts -g hereabouts /srv/hereabouts /srv/hereabouts/var
WORKDIR /srv/hereabouts
COPY --from=packages /opt/venv /opt/venv
COPY pyproject.toml LICENSE README.md ./
COPY migrations ./migrations
COPY data/packs ./data/packs
COPY data/reference ./data/reference
COPY app ./app
COPY --from=frontend /build/app/frontend/dist ./app/frontend/dist
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/srv/hereabouts HOST=0.0.0.0 PORT=8000 LOG_FORMAT=json
RUN python3 -m compileall -q app migrations
USER hereabouts
VOLUME /srv/hereabouts/var
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["python3", "-c", \
    "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
# DATABASE_URL must be given: sets up the schema and the pack where they are missing, then serves.
CMD ["python3", "-m", "app.cli", "up"]
