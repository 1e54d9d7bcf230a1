# The image of tasks that name none: everything the executors need, so that most projects just work.
#
#     podman build -t localhost/ame-default:latest -f docs/images/default.Dockerfile docs/images

# The current LTS; not a slim variant.
ARG BASE=ubuntu:26.04
FROM ${BASE}

# Python with `venv` and headers for packages that have to be compiled; git and ssh for dependencies by address; pipx for
# the managers. libgomp1 is what most wheels of machine learning expect of a system.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        build-essential \
        ca-certificates \
        curl \
        git \
        libgomp1 \
        openssh-client \
        pipx \
        python-is-python3 \
        python3 \
        python3-dev \
        python3-pip \
        python3-venv \
        tzdata \
    && rm -rf /var/lib/apt/lists/*

# Each manager in an environment of its own, on everybody's PATH.
ENV PIPX_HOME=/opt/pipx \
    PIPX_BIN_DIR=/usr/local/bin \
    LANG=C.UTF-8
RUN pipx install poetry \
    && pipx install pipenv \
    && pipx install uv \
    && pipx install mlflow

# Tasks are never root unless that is asked for; ame runs them as whoever started it.
RUN useradd --create-home --shell /bin/bash ame
USER ame
WORKDIR /home/ame
