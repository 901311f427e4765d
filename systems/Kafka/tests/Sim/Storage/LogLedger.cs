using Microcosm.Simulation;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>What is known of the node's disk, whichever of its generations did it.</summary>
internal sealed class LogLedger<TModel>(TModel model, LogSettings settings)
{
    public LogSettings Settings { get; } = settings;

    public TModel Model { get; } = model;

    public int Generations { get; set; }

    /// <summary>How often what the simulation is about was done.</summary>
    public int Done { get; set; }

    public bool IsOver { get; set; }

    public void Judge(Action check)
    {
        try
        {
            check();
        }
        catch (ModelException e)
        {
            throw new CheckFailedException("kafka.log", e.Message);
        }
    }
}
