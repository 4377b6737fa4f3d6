import java.util.stream.IntStream;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One node of a cluster whose every node is a process of its own, so that one can be killed. Arguments: folder, number of the
 * node, number of nodes, first HTTP port; the nodes talk to each other on the ports a hundred above.
 */
public class OpenSearchNode {
    public static void main(String[] args) throws Exception {
        int node = Integer.parseInt(args[1]);
        int nodes = Integer.parseInt(args[2]);
        int port = Integer.parseInt(args[3]);
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.setMaxHttpPort(65535);
        runner.onBuild((number, settings) -> settings
            .put("node.name", "node-" + node)
            .put("network.host", "127.0.0.1")
            .put("http.port", port + node - 1)
            .put("transport.port", port + 99 + node)
            // A node that died is noticed at once, as its connections end; the others wait this long for one that hangs.
            .put("cluster.fault_detection.follower_check.interval", "1s")
            .putList("discovery.seed_hosts", each(nodes, n -> "127.0.0.1:" + (port + 99 + n)))
            .putList("cluster.initial_cluster_manager_nodes", each(nodes, n -> "node-" + n)));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                runner.close();
            } catch (Exception e) {
                e.printStackTrace();
            }
        }));
        try {
            runner.build("-basePath", args[0], "-dataPath", args[0] + "/data", "-numOfNode", "1",
                "-baseHttpPort", String.valueOf(port + node - 2), "-clusterName", "groundswell-" + port);
        } catch (Throwable e) {
            e.printStackTrace();
            System.exit(1);
        }
        Thread.currentThread().join();
    }

    private static String[] each(int nodes, java.util.function.IntFunction<String> name) {
        return IntStream.rangeClosed(1, nodes).mapToObj(name).toArray(String[]::new);
    }
}
