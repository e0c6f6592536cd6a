# The API and the worker in one image; docker-compose.temporal.yml says which command is which. CI does not build it.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run -s build

# Models and ffmpeg; the servers are other containers' business.
FROM build AS assets
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*
ENV LM_CACHE_DIR=/cache
RUN node dist/assets/main.js && rm -rf /cache/temporal-cli-* /cache/valkey-* /cache/.[!.]*

FROM node:20-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production LM_CACHE_DIR=/cache LM_DATA_DIR=/data
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY --from=build /app/dist ./dist
COPY --from=assets /cache /cache
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 8000
CMD ["node", "dist/api/server.js"]
