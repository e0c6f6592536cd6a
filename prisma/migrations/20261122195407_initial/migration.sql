-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "content" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "blob" TEXT NOT NULL,
    "language" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "content_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transcriptions" (
    "id" UUID NOT NULL,
    "content_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "blob" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "duration_s" DOUBLE PRECISION NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "quality" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "transcriptions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "content_vectors" (
    "vector_id" TEXT NOT NULL,
    "content_id" UUID NOT NULL,
    "passage_id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "dimension" INTEGER NOT NULL,

    CONSTRAINT "content_vectors_pkey" PRIMARY KEY ("vector_id")
);

-- CreateTable
CREATE TABLE "transcript_vectors" (
    "vector_id" TEXT NOT NULL,
    "transcription_id" UUID NOT NULL,
    "passage_id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "start_s" DOUBLE PRECISION,
    "end_s" DOUBLE PRECISION,
    "model" TEXT NOT NULL,
    "dimension" INTEGER NOT NULL,

    CONSTRAINT "transcript_vectors_pkey" PRIMARY KEY ("vector_id")
);

-- CreateTable
CREATE TABLE "jobs" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "phase" TEXT,
    "steps" JSONB NOT NULL DEFAULT '[]',
    "progress" JSONB,
    "result" JSONB,
    "error" JSONB,
    "warnings" JSONB NOT NULL DEFAULT '[]',
    "estimated_time" INTEGER NOT NULL,
    "run_id" TEXT,
    "run" INTEGER NOT NULL DEFAULT 1,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "parent_id" UUID,
    "batch_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "artifacts" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "content_id" UUID,
    "kind" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "blob" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "language" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "position" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vector_collections" (
    "name" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "dimension" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vector_collections_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "step_results" (
    "key" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "blob" TEXT,
    "lease_holder" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "step_results_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "workers" (
    "id" TEXT NOT NULL,
    "offers" JSONB NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "content_owner_id_created_at_id_idx" ON "content"("owner_id", "created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "content_blob_idx" ON "content"("blob");

-- CreateIndex
CREATE INDEX "transcriptions_blob_idx" ON "transcriptions"("blob");

-- CreateIndex
CREATE UNIQUE INDEX "transcriptions_content_id_key" ON "transcriptions"("content_id");

-- CreateIndex
CREATE INDEX "content_vectors_content_id_idx" ON "content_vectors"("content_id");

-- CreateIndex
CREATE INDEX "transcript_vectors_transcription_id_idx" ON "transcript_vectors"("transcription_id");

-- CreateIndex
CREATE INDEX "jobs_owner_id_created_at_id_idx" ON "jobs"("owner_id", "created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "jobs_status_created_at_idx" ON "jobs"("status", "created_at");

-- CreateIndex
CREATE INDEX "artifacts_owner_id_idx" ON "artifacts"("owner_id");

-- CreateIndex
CREATE INDEX "artifacts_blob_idx" ON "artifacts"("blob");

-- CreateIndex
CREATE UNIQUE INDEX "artifacts_job_id_kind_position_key" ON "artifacts"("job_id", "kind", "position");

-- CreateIndex
CREATE INDEX "step_results_owner_id_idx" ON "step_results"("owner_id");

-- CreateIndex
CREATE INDEX "step_results_blob_idx" ON "step_results"("blob");

-- AddForeignKey
ALTER TABLE "content" ADD CONSTRAINT "content_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transcriptions" ADD CONSTRAINT "transcriptions_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "content"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "content_vectors" ADD CONSTRAINT "content_vectors_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "content"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transcript_vectors" ADD CONSTRAINT "transcript_vectors_transcription_id_fkey" FOREIGN KEY ("transcription_id") REFERENCES "transcriptions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
