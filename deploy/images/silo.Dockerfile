# syntax=docker/dockerfile:1.7
# Silos, from the repository's root:
#   docker build -f deploy/images/silo.Dockerfile --target silo -t layerbench-silo:0.1.0 .
# Targets: silo (TorchSharp on CPUs), silo-pytorch (the same with PyTorch beside it), silo-cuda (TorchSharp on NVIDIA GPUs;
# the driver comes from the node's container runtime, everything else of CUDA from TorchSharp's packages).
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0.401-noble
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble

FROM ${SDK} AS source
WORKDIR /src
COPY . .
# The full edition, or no image.
RUN eng/probe-feed && eng/require-full

FROM source AS host
ARG REVISION=unknown
RUN dotnet publish Silo/Host -c Release -o /out/host --nologo -p:SourceRevisionId="${REVISION}"

FROM source AS worker
RUN dotnet publish Silo/Worker -c Release -o /out/worker --nologo -r linux-x64 --self-contained false

FROM source AS worker-cuda
RUN dotnet publish Silo/Worker -c Release -o /out/worker --nologo -r linux-x64 --self-contained false -p:LayerbenchCuda=true

# PyTorch in a folder of its own; pip and compilers stay behind.
FROM ${SDK} AS pytorch
ARG TORCH=2.8.0
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-pip python3-venv \
 && rm -rf /var/lib/apt/lists/* \
 && python3 -m venv --without-pip /opt/torch \
 && python3 -m pip --python /opt/torch/bin/python install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu "torch==${TORCH}" numpy

FROM ${RUNTIME} AS base
LABEL org.opencontainers.image.title="layerbench silo" org.opencontainers.image.licenses="MIT"
# tcmalloc: glibc's malloc distorts timings on CPUs. libgomp: libtorch's threads.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 libtcmalloc-minimal4t64 \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -m 1777 /locks
COPY --chmod=0755 deploy/images/health /usr/local/bin/health
WORKDIR /app
COPY --from=host /out/host .
# Silos, their clients, health and metrics.
EXPOSE 11111 30000 8081
USER $APP_UID
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s CMD ["/usr/local/bin/health", "127.0.0.1", "8081", "/health/live"]
# A stop ends the launch in flight: Layerbench__Grace, and 15 s more.
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "layerbench-silo.dll"]

FROM base AS silo
COPY --from=worker /out/worker ./workers/torchsharp

FROM silo AS silo-pytorch
USER root
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 \
 && rm -rf /var/lib/apt/lists/*
USER $APP_UID
COPY --from=pytorch /opt/torch /opt/torch
COPY Silo/Worker.PyTorch ./workers/pytorch
ENV LAYERBENCH_PYTHON=/opt/torch/bin/python

FROM base AS silo-cuda
# What the container runtime is asked for: computing, and NVML.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=worker-cuda /out/worker ./workers/torchsharp
