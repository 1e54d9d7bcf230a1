# The default image and a system library that a package of the project is compiled against.
#
#     podman build -t localhost/with-gdal:1 -f docs/images/extended.Dockerfile docs/images

ARG BASE=localhost/ame-default:latest
FROM ${BASE}
USER root
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgdal-dev \
    && rm -rf /var/lib/apt/lists/*
USER ame
