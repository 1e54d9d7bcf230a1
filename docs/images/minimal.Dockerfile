# What `!pip` needs, and nothing else: no compiler, no managers, no network tools, not root.
#
#     podman build -t localhost/minimal:1 -f docs/images/minimal.Dockerfile docs/images

ARG BASE=debian:12-slim
FROM ${BASE}
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home ame
USER ame
WORKDIR /home/ame
