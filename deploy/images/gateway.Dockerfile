# syntax=docker/dockerfile:1.7
# The gateway, from the repository's root:
#   docker build -f deploy/images/gateway.Dockerfile -t layerbench-gateway:0.1.0 .
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0.401-noble
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble

FROM ${SDK} AS build
# What builds the live page and the report's figures: noble's node 18.
RUN apt-get update \
 && apt-get install -y --no-install-recommends nodejs npm \
 && rm -rf /var/lib/apt/lists/*
ARG REVISION=unknown
WORKDIR /src
COPY . .
# The full edition with its page, or no image.
RUN eng/probe-feed && eng/require-full
RUN dotnet publish Client/Gateway -c Release -o /out --nologo -p:SourceRevisionId="${REVISION}" \
 && eng/require-full --page

FROM ${RUNTIME} AS gateway
LABEL org.opencontainers.image.title="layerbench gateway" org.opencontainers.image.licenses="MIT"
COPY --chmod=0755 deploy/images/health /usr/local/bin/health
WORKDIR /app
COPY --from=build /out .
ENV ASPNETCORE_URLS=http://+:8080
EXPOSE 8080
USER $APP_UID
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s CMD ["/usr/local/bin/health", "127.0.0.1", "8080", "/health/live"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "layerbench-gateway.dll"]
