import { existsSync, statfsSync } from "node:fs";
import { totalmem } from "node:os";

const MB = 1024 * 1024;

/** Server settings that suit this machine, as name → value. Memory limits of containers are respected. */
export function chooseSettings(): Record<string, string> {
  const limit = process.constrainedMemory();
  const memoryMb = (limit > 0 && limit < totalmem() ? limit : totalmem()) / MB;
  const share = (part: number, least: number, most: number) =>
    `${Math.round(Math.min(most, Math.max(least, memoryMb * part)))}MB`;
  return {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: share(1 / 8, 128, 2048),
    effective_cache_size: share(1 / 2, 512, 65_536),
    maintenance_work_mem: share(1 / 32, 64, 512),
    work_mem: "64MB",
    // Imports and million-recipient sends write WAL in bursts; fewer checkpoints mean fewer full-page images.
    max_wal_size: "4GB",
    min_wal_size: "256MB",
    checkpoint_timeout: "15min",
    random_page_cost: "1.1",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    dynamic_shared_memory_type: hasRoomyShm() ? "posix" : "mmap",
  };
}

/** Containers get 64 MB of /dev/shm by default, too little for parallel queries ("could not resize shared memory"). */
function hasRoomyShm(): boolean {
  if (process.platform !== "linux") return true;
  if (!existsSync("/dev/shm")) return false;
  const { bavail, bsize } = statfsSync("/dev/shm");
  return bavail * bsize > 512 * MB;
}
