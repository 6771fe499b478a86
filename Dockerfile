# Verbatim in a container: see docs/deploying.md. Nothing is fetched while it runs.
FROM python:3.11.14-slim-trixie AS build

# Where packages come from, if not from pip's usual index: --build-arg PIP_EXTRA_INDEX_URL=...
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/verbatim
WORKDIR /src

# What Verbatim needs changes less often than Verbatim: this layer is kept.
# All of it by hash, but PyTorch and what chat models and MCP need.
COPY requirements.lock constraints.txt pyproject.toml README.md LICENSE ./
RUN /opt/verbatim/bin/pip install --require-hashes --no-deps -r requirements.lock \
    && mkdir assistant index prompts eval \
    && touch assistant/__init__.py index/__init__.py prompts/__init__.py eval/__init__.py \
    && /opt/verbatim/bin/pip install -c constraints.txt ".[anthropic,mcp,ollama,openai]" \
    && /opt/verbatim/bin/pip uninstall --yes verbatim-assistant

COPY assistant assistant
COPY index index
COPY prompts prompts
COPY eval eval
RUN /opt/verbatim/bin/pip install --no-deps -c constraints.txt . \
    && /opt/verbatim/bin/python -m compileall -q /opt/verbatim/lib


FROM python:3.11.14-slim-trixie

LABEL org.opencontainers.image.title="Verbatim" \
    org.opencontainers.image.licenses="Apache-2.0"

RUN groupadd --gid 10001 verbatim \
    && useradd --uid 10001 --gid verbatim --no-create-home --shell /usr/sbin/nologin verbatim \
    && install --directory --owner verbatim --group verbatim /data

COPY --from=build /opt/verbatim /opt/verbatim

# No model is looked for in the network: the one that is used by default comes with the packages.
ENV PATH=/opt/verbatim/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    HF_HUB_OFFLINE=1 \
    TRANSFORMERS_OFFLINE=1 \
    GRADIO_ANALYTICS_ENABLED=False \
    ANONYMIZED_TELEMETRY=False \
    ASSISTANT_HOST=0.0.0.0 \
    ASSISTANT_PORT=7860 \
    ASSISTANT_INDEX=/data/verbatim.index \
    ASSISTANT_DATA=/data/verbatim.data \
    ASSISTANT_REPORTS=/data/verbatim.reports

USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 7860

HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]

ENTRYPOINT ["assistant"]
CMD ["chat"]
