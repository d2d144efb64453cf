// Hadoop YARN's own CapacityScheduler or FairScheduler in one process, without daemons, over a load of bench/lib/scheduler-load.ts: the peer of
// bench/programs/scheduler.ts. Its real classes and its real door: allocate() of applications and NODE_UPDATE of nodes, container tokens included.
// Arguments: load.json capacity|fair steady UTILISATION ALLOCATIONS   the cluster is full; what ends makes room, its node says so, others take it
//            load.json capacity|fair replay                           a trace in virtual time; every node speaks once a (virtual) second
// Prints one line of JSON.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.*;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.event.Dispatcher;
import org.apache.hadoop.yarn.event.EventHandler;
import org.apache.hadoop.yarn.server.resourcemanager.MockNodes;
import org.apache.hadoop.yarn.server.resourcemanager.RMContextImpl;
import org.apache.hadoop.yarn.server.resourcemanager.ahs.RMApplicationHistoryWriter;
import org.apache.hadoop.yarn.server.resourcemanager.metrics.NoOpSystemMetricPublisher;
import org.apache.hadoop.yarn.server.resourcemanager.nodelabels.RMNodeLabelsManager;
import org.apache.hadoop.yarn.server.resourcemanager.placement.ApplicationPlacementContext;
import org.apache.hadoop.yarn.server.resourcemanager.rmapp.RMApp;
import org.apache.hadoop.yarn.server.resourcemanager.rmapp.attempt.RMAppAttempt;
import org.apache.hadoop.yarn.server.resourcemanager.rmapp.attempt.RMAppAttemptMetrics;
import org.apache.hadoop.yarn.server.resourcemanager.rmapp.attempt.event.RMAppAttemptContainerFinishedEvent;
import org.apache.hadoop.yarn.server.resourcemanager.rmcontainer.ContainerAllocationExpirer;
import org.apache.hadoop.yarn.server.resourcemanager.rmnode.RMNode;
import org.apache.hadoop.yarn.server.resourcemanager.rmnode.RMNodeCleanContainerEvent;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.*;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.capacity.CapacityScheduler;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.constraint.AllocationTagsManager;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.event.*;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.fair.FairScheduler;
import org.apache.hadoop.yarn.server.resourcemanager.security.*;

public class YarnScheduler {
  static final int BATCH = 512;
  static AbstractYarnScheduler scheduler;
  static RMContextImpl context;
  static final Map<String, RMNode> nodes = new LinkedHashMap<>();
  static final List<App> apps = new ArrayList<>();
  static final List<Live> live = new ArrayList<>();
  static final Random random = new Random(7);
  /** Ends of containers on their way to their applications and nodes: what RMAppAttemptImpl and RMNodeImpl keep for the next answer. */
  static final Map<ApplicationAttemptId, List<ContainerStatus>> ended = new HashMap<>();
  static final Map<NodeId, List<ContainerId>> toEnd = new HashMap<>();
  static long told;
  static long[] decisions = new long[1 << 16];
  static int decided;

  static class App {
    ApplicationId id;
    ApplicationAttemptId attempt;
    String queue, user;
    int priority;
    long arrivalMs;
    final List<Ask> asks = new ArrayList<>();
    final List<ContainerId> releases = new ArrayList<>();
    boolean dirty = true;
    int left;
  }

  static class Ask {
    int priority, count, vcores;
    long memoryMb;
    final List<String> hosts = new ArrayList<>();
    final ArrayDeque<Long> livesMs = new ArrayDeque<>();
  }

  static class Live {
    App app;
    Container container;
    long endsAtMs;
  }

  public static void main(String[] args) throws Exception {
    org.apache.log4j.Logger.getRootLogger().setLevel(org.apache.log4j.Level.FATAL);
    JsonNode load = new ObjectMapper().readTree(new File(args[0]));
    start(load, args[1].equals("fair"));
    for (JsonNode a : load.get("apps")) apps.add(read(a));
    addNodes(load);
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("scheduler", args[1]);
    said.put("nodes", nodes.size());
    if (args[2].equals("replay")) replay(said);
    else steadily(Double.parseDouble(args[3]), Long.parseLong(args[4]), said);
    long[] sorted = Arrays.copyOf(decisions, decided);
    Arrays.sort(sorted);
    said.put("decisions", decided);
    said.put("decisionP50Us", decided == 0 ? 0 : sorted[decided / 2] / 1e3);
    said.put("decisionP99Us", decided == 0 ? 0 : sorted[(int) (decided * 0.99)] / 1e3);
    said.put("told", told);
    said.put("rssMb", highWaterMb());
    System.out.println(new ObjectMapper().writeValueAsString(said));
    System.exit(0);
  }

  static void steadily(double utilisation, long wanted, Map<String, Object> said) {
    for (App app : apps) add(app);
    pull(0);
    long filling = System.nanoTime();
    List<RMNode> all = new ArrayList<>(nodes.values());
    for (int before = -1; before != live.size() && used() < utilisation; ) {
      before = live.size();
      Collections.shuffle(all, random);
      for (RMNode node : all) {
        update(node);
        if (used() >= utilisation) break;
      }
      pull(0);
    }
    said.put("filled", live.size());
    said.put("fillSeconds", (System.nanoTime() - filling) / 1e9);
    said.put("utilisation", used());
    steady(Math.min(wanted / 2, 100_000)); // warm
    decided = 0;
    long cpu = cpuNanos();
    long from = System.nanoTime();
    long done = steady(wanted);
    said.put("allocations", done);
    said.put("seconds", (System.nanoTime() - from) / 1e9);
    said.put("cpuSeconds", (cpuNanos() - cpu) / 1e9);
  }

  static long steady(long wanted) {
    long done = 0;
    for (int idle = 0; done < wanted && idle < 50; ) {
      Set<String> freed = new LinkedHashSet<>();
      for (int i = 0; i < BATCH && !live.isEmpty(); i++) {
        int at = random.nextInt(live.size());
        Live one = live.get(at);
        live.set(at, live.get(live.size() - 1));
        live.remove(live.size() - 1);
        one.app.releases.add(one.container.getId());
        freed.add(one.container.getNodeId().getHost());
      }
      long got = pull(0);
      for (String host : freed) update(nodes.get(host));
      got += pull(0);
      done += got;
      idle = got == 0 ? idle + 1 : 0;
    }
    return done;
  }

  static void replay(Map<String, Object> said) {
    List<App> coming = new ArrayList<>(apps);
    coming.sort(Comparator.comparingLong(app -> app.arrivalMs));
    apps.clear();
    PriorityQueue<Live> ends = new PriorityQueue<>(Comparator.comparingLong(one -> one.endsAtMs));
    long done = 0;
    long nowMs = 0;
    int next = 0;
    long cpu = cpuNanos();
    long from = System.nanoTime();
    for (; next < coming.size() || !apps.isEmpty(); nowMs += 1000) {
      for (; next < coming.size() && coming.get(next).arrivalMs <= nowMs; next++) {
        apps.add(coming.get(next));
        add(coming.get(next));
      }
      while (!ends.isEmpty() && ends.peek().endsAtMs <= nowMs) {
        Live one = ends.poll();
        one.app.releases.add(one.container.getId());
        one.app.left--;
      }
      pull(nowMs);
      for (RMNode node : nodes.values()) update(node);
      pull(nowMs);
      ends.addAll(live);
      done += live.size();
      live.clear();
      for (Iterator<App> i = apps.iterator(); i.hasNext(); ) {
        App app = i.next();
        if (app.left > 0) continue;
        i.remove();
        scheduler.handle(new AppAttemptRemovedSchedulerEvent(app.attempt, org.apache.hadoop.yarn.server.resourcemanager.rmapp.attempt.RMAppAttemptState.FINISHED, false));
        scheduler.handle(new AppRemovedSchedulerEvent(app.id, org.apache.hadoop.yarn.server.resourcemanager.rmapp.RMAppState.FINISHED));
      }
    }
    said.put("allocations", done);
    said.put("virtualSeconds", nowMs / 1000);
    said.put("seconds", (System.nanoTime() - from) / 1e9);
    said.put("cpuSeconds", (cpuNanos() - cpu) / 1e9);
  }

  static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().get().toNanos();
  }

  static long highWaterMb() throws Exception {
    for (String line : java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/self/status")))
      if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
    return 0;
  }

  static double used() {
    Resource total = scheduler.getClusterResource();
    QueueMetrics root = scheduler.getRootQueueMetrics();
    return Math.max((double) root.getAllocatedMB() / total.getMemorySize(), (double) root.getAllocatedVirtualCores() / total.getVirtualCores());
  }

  /** The scheduler with what it needs of a ResourceManager; ends of containers are passed on, other events go nowhere. */
  static void start(JsonNode load, boolean fair) throws Exception {
    Configuration conf = new YarnConfiguration();
    conf.setLong(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 512);
    conf.setLong(YarnConfiguration.RM_SCHEDULER_MAXIMUM_ALLOCATION_MB, 1 << 20);
    conf.setInt(YarnConfiguration.RM_SCHEDULER_MAXIMUM_ALLOCATION_VCORES, 1024);
    conf.setBoolean(YarnConfiguration.NODE_LABELS_ENABLED, true);
    conf.set("yarn.scheduler.capacity.resource-calculator", "org.apache.hadoop.yarn.util.resource.DominantResourceCalculator");
    load.get("capacity").fields().forEachRemaining(e -> conf.set(e.getKey(), e.getValue().asText()));
    if (fair) {
      File file = File.createTempFile("fair-scheduler", ".xml");
      file.deleteOnExit();
      try (PrintWriter out = new PrintWriter(file)) {
        out.print(load.get("fairXml").asText());
      }
      conf.set("yarn.scheduler.fair.allocation.file", file.getAbsolutePath());
      conf.setBoolean("yarn.scheduler.fair.assignmultiple", true);
      conf.setBoolean("yarn.scheduler.fair.preemption", true);
    }
    EventHandler handler = event -> {
      if (event instanceof RMAppAttemptContainerFinishedEvent) {
        RMAppAttemptContainerFinishedEvent e = (RMAppAttemptContainerFinishedEvent) event;
        ended.computeIfAbsent(e.getApplicationAttemptId(), k -> new ArrayList<>()).add(e.getContainerStatus());
      } else if (event instanceof RMNodeCleanContainerEvent) {
        RMNodeCleanContainerEvent e = (RMNodeCleanContainerEvent) event;
        toEnd.computeIfAbsent(e.getNodeId(), k -> new ArrayList<>()).add(e.getContainerId());
      } else if (event.getType().toString().contains("REJECTED")) throw new IllegalStateException(event.toString());
    };
    Dispatcher nobody = new Dispatcher() {
      public EventHandler getEventHandler() {
        return handler;
      }
      public void register(Class type, EventHandler handler) {}
    };
    RMContainerTokenSecretManager tokens = new RMContainerTokenSecretManager(conf);
    tokens.rollMasterKey();
    NMTokenSecretManagerInRM nmTokens = new NMTokenSecretManagerInRM(conf);
    nmTokens.rollMasterKey();
    scheduler = fair ? new FairScheduler() : new CapacityScheduler();
    context = new RMContextImpl(nobody, new ContainerAllocationExpirer(nobody), null, null, null, new AMRMTokenSecretManager(conf, null), tokens, nmTokens,
        new ClientToAMTokenSecretManagerInRM());
    RMNodeLabelsManager labels = new RMNodeLabelsManager() {
      protected void initNodeLabelStore(Configuration c) {}
      protected void startDispatcher() {}
      protected void stopDispatcher() {}
    };
    labels.init(conf);
    context.setNodeLabelManager(labels);
    context.setYarnConfiguration(conf);
    context.setRMApplicationHistoryWriter(new RMApplicationHistoryWriter());
    context.getRMApplicationHistoryWriter().init(conf);
    context.setSystemMetricsPublisher(new NoOpSystemMetricPublisher());
    context.setScheduler(scheduler);
    context.setAllocationTagsManager(new AllocationTagsManager(context));
    if (scheduler instanceof CapacityScheduler) ((CapacityScheduler) scheduler).setConf(conf);
    scheduler.setRMContext(context);
    scheduler.init(conf);
    scheduler.start();
    scheduler.reinitialize(conf, context);
  }

  static void addNodes(JsonNode load) {
    int port = 1;
    for (JsonNode n : load.get("nodes")) {
      String host = n.get("host").asText();
      RMNode node = MockNodes.newNodeInfo(0, Resource.newInstance(n.get("memoryMb").asLong(), n.get("vcores").asInt()), port++, host, 1234);
      nodes.put(host, node);
      scheduler.handle(new NodeAddedSchedulerEvent(node));
    }
  }

  static App read(JsonNode a) {
    App app = new App();
    app.queue = a.get("queue").asText();
    app.user = a.get("user").asText();
    app.priority = a.get("priority").asInt();
    app.arrivalMs = a.path("arrivalMs").asLong();
    for (JsonNode k : a.get("asks")) {
      Ask ask = new Ask();
      ask.priority = k.get("priority").asInt();
      ask.count = k.get("count").asInt();
      ask.memoryMb = k.get("memoryMb").asLong();
      ask.vcores = k.get("vcores").asInt();
      for (JsonNode host : k.get("hosts")) ask.hosts.add(host.asText());
      for (JsonNode lifeMs : k.path("livesMs")) ask.livesMs.add(lifeMs.asLong());
      app.left += ask.count;
      app.asks.add(ask);
    }
    return app;
  }

  static int applications;

  static void add(App app) {
    ApplicationId id = app.id = ApplicationId.newInstance(1_700_000_000_000L, ++applications);
    app.attempt = ApplicationAttemptId.newInstance(id, 1);
    ApplicationSubmissionContext submission = ApplicationSubmissionContext.newInstance(id, "app", app.queue, Priority.newInstance(app.priority), null, true, false, 1,
        Resource.newInstance(512, 1));
    RMAppAttemptMetrics metrics = new RMAppAttemptMetrics(app.attempt, context);
    ClassLoader loader = YarnScheduler.class.getClassLoader();
    RMAppAttempt attempt = (RMAppAttempt) Proxy.newProxyInstance(loader, new Class<?>[] {RMAppAttempt.class},
        (proxy, method, arguments) -> method.getName().equals("getRMAppAttemptMetrics") ? metrics : null);
    context.getRMApps().put(id, (RMApp) Proxy.newProxyInstance(loader, new Class<?>[] {RMApp.class}, (proxy, method, arguments) -> {
      switch (method.getName()) {
        case "getApplicationSubmissionContext": return submission;
        case "getCurrentAppAttempt": return attempt;
        case "getApplicationId": return id;
        case "getApplicationSchedulingEnvs": return new HashMap<String, String>();
        case "getApplicationTags": return new HashSet<String>();
        default: return method.getReturnType() == boolean.class ? (Object) false : null;
      }
    }));
    int dot = app.queue.lastIndexOf('.');
    scheduler.handle(new AppAddedSchedulerEvent(id, app.queue, app.user, false, null, Priority.newInstance(app.priority),
        new ApplicationPlacementContext(app.queue.substring(dot + 1), app.queue.substring(0, dot))));
    scheduler.handle(new AppAttemptAddedSchedulerEvent(app.attempt, false));
  }

  static List<ResourceRequest> requests(App app) {
    List<ResourceRequest> list = new ArrayList<>();
    for (Ask ask : app.asks) {
      Resource size = Resource.newInstance(ask.memoryMb, ask.vcores);
      Priority priority = Priority.newInstance(ask.priority);
      for (String host : ask.hosts) list.add(ResourceRequest.newInstance(priority, host, size, ask.count, true));
      if (!ask.hosts.isEmpty()) list.add(ResourceRequest.newInstance(priority, "rack0", size, ask.count, true));
      list.add(ResourceRequest.newInstance(priority, ResourceRequest.ANY, size, ask.count, true));
    }
    return list;
  }

  /**
   * Every application speaks: gives back, asks, takes its containers with their tokens. In the steady state each asks for as much again as it has got,
   * so its ask is always the same number; in a trace for what is left of it.
   */
  static long pull(long nowMs) {
    long got = 0;
    for (App app : apps) {
      List<ResourceRequest> asks = app.dirty ? requests(app) : Collections.emptyList();
      app.dirty = false;
      Allocation allocation = scheduler.allocate(app.attempt, asks, null, new ArrayList<>(app.releases), Collections.emptyList(), Collections.emptyList(),
          new ContainerUpdates());
      app.releases.clear();
      List<ContainerStatus> over = ended.remove(app.attempt);
      if (over != null) told += over.size();
      for (Container container : allocation.getContainers()) {
        Live one = new Live();
        one.app = app;
        one.container = container;
        Ask ask = askOf(app, container);
        if (ask.livesMs.isEmpty()) app.dirty = true;
        else {
          one.endsAtMs = nowMs + ask.livesMs.poll();
          ask.count--;
        }
        live.add(one);
        got++;
      }
    }
    return got;
  }

  static Ask askOf(App app, Container container) {
    for (Ask ask : app.asks) if (ask.priority == container.getPriority().getPriority()) return ask;
    throw new IllegalStateException("a container that nobody asked for");
  }

  static void update(RMNode node) {
    long from = System.nanoTime();
    scheduler.handle(new NodeUpdateSchedulerEvent(node));
    List<ContainerId> over = toEnd.remove(node.getNodeID());
    if (over != null) told += over.size();
    if (decided == decisions.length) decisions = Arrays.copyOf(decisions, decided * 2);
    decisions[decided++] = System.nanoTime() - from;
  }
}
