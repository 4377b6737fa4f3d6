package bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Seconds of processor time so far: of the calling thread, and of the whole process with its compiler and collector. */
record Clock(double thread, double process) {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  static Clock now() {
    return new Clock(
        ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9,
        SYSTEM.getProcessCpuTime() / 1e9);
  }

  Clock since(Clock start) {
    return new Clock(thread - start.thread, process - start.process);
  }

  /** Bytes in use after the collector was asked thrice. */
  static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    var memory = Runtime.getRuntime();
    return memory.totalMemory() - memory.freeMemory();
  }
}
