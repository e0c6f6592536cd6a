-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "cost" JSONB,
ADD COLUMN     "estimated_cost" JSONB;

-- CreateTable
CREATE TABLE "provider_usage" (
    "id" UUID NOT NULL,
    "owner_id" UUID,
    "job_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "capability" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "calls" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "characters" BIGINT NOT NULL DEFAULT 0,
    "seconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "images" INTEGER NOT NULL DEFAULT 0,
    "micro_usd" BIGINT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_usage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "budgets" (
    "user_id" UUID NOT NULL,
    "month_usd" DOUBLE PRECISION NOT NULL,
    "set_by" UUID,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "budgets_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "provider_controls" (
    "provider" TEXT NOT NULL,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "rate_per_s" DOUBLE PRECISION,
    "reason" TEXT NOT NULL,
    "set_by" UUID,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_controls_pkey" PRIMARY KEY ("provider")
);

-- CreateTable
CREATE TABLE "provider_events" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "capability" TEXT,
    "worker" TEXT,
    "actor" UUID,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "provider_usage_owner_id_at_idx" ON "provider_usage"("owner_id", "at");

-- CreateIndex
CREATE INDEX "provider_usage_job_id_idx" ON "provider_usage"("job_id");

-- CreateIndex
CREATE INDEX "provider_usage_provider_at_idx" ON "provider_usage"("provider", "at");

-- CreateIndex
CREATE INDEX "provider_events_provider_created_at_id_idx" ON "provider_events"("provider", "created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "provider_events_created_at_id_idx" ON "provider_events"("created_at" DESC, "id");

-- AddForeignKey
ALTER TABLE "provider_usage" ADD CONSTRAINT "provider_usage_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
