FROM node:22-bookworm AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY src ./src
COPY demo ./demo
COPY mappings ./mappings
COPY profiles ./profiles
RUN npm rebuild better-sqlite3 && npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY --from=build /build/mappings ./mappings
COPY --from=build /build/profiles ./profiles
COPY --from=build /build/demo/*.yaml ./demo/
RUN mkdir data && chown node:node data
USER node
EXPOSE 3000
ENTRYPOINT ["node", "dist/src/main.js"]
CMD ["serve", "--config", "demo/container.yaml"]
