-- What has an end, and the ways to find it. Nothing that was there changes its meaning: readers of before go on.

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- CreateIndex
CREATE INDEX "sessions_ended_at_idx" ON "sessions"("ended_at");

-- CreateIndex
CREATE INDEX "refresh_tokens_used_at_idx" ON "refresh_tokens"("used_at");

-- CreateIndex
CREATE INDEX "mail_links_created_at_idx" ON "mail_links"("created_at");

-- CreateIndex
CREATE INDEX "security_events_created_at_idx" ON "security_events"("created_at");

-- Whether a blob is still named: looked up for each one that is to go. An expression, which schema.prisma cannot say.
CREATE INDEX "artifacts_passages_idx" ON "artifacts"(("metadata"->>'passages'));

-- AlterTable: last but for what needs it, because its lock keeps readers waiting until the end.
ALTER TABLE "artifacts" ADD COLUMN     "expires_at" TIMESTAMPTZ(3),
ADD COLUMN     "retention" TEXT NOT NULL DEFAULT 'kept';

-- Films can be made again from what is kept. Their term begins with the first upkeep, not in the past.
UPDATE "artifacts" SET "retention" = 'derived' WHERE "kind" = 'video';

-- CreateIndex
CREATE INDEX "artifacts_retention_expires_at_idx" ON "artifacts"("retention", "expires_at");
