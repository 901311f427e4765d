namespace Microcosm.SideBySide.Kafka;

/// <summary>Ours, as published: all brokers in one process, on disk.</summary>
internal sealed class OurTarget : Target
{
    private readonly string _program;
    private readonly int _nodes;

    public OurTarget((string Name, string Program) ours, int nodes)
        : base(nodes == 1 ? ours.Name : $"{ours.Name}, {nodes} replicas")
    {
        (_program, _nodes) = (ours.Program, nodes);
        Start();
    }

    /// <summary>Kills the process and starts it on the same disk.</summary>
    public void Restart()
    {
        EndProcesses();
        Start();
    }

    private void Start()
    {
        var ready = Up([_program], "kafka", "--data", Folder.FullName, "--set", $"kafka.nodes={_nodes}",
            "--set", $"kafka.default.replication.factor={_nodes}", "--set", $"kafka.num.partitions={KafkaLoads.Partitions}");
        Brokers = string.Join(',', ready.EndPoints("kafka"));
    }
}
