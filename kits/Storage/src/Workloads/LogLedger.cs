using Microcosm.Simulation;

namespace Microcosm.Storage;

/// <summary>What is known of a node's disk, whichever of its generations did it.</summary>
internal sealed class LogLedger(LogOptions options)
{
    public LogOptions Options { get; } = options;

    public LogModel Model { get; } = new();

    public int Generations { get; set; }

    /// <summary>The last state whose saving began.</summary>
    public int StateBegun { get; set; }

    /// <summary>The last state whose saving ended.</summary>
    public int StateAcknowledged { get; set; }

    /// <summary>True when nobody shall work any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>Judges what a generation found. Throws <see cref="CheckFailedException"/>.</summary>
    public void Reopened(LogContent log, int state)
    {
        if (Model.Reopened(log) is { } fault)
            throw new CheckFailedException("storage.log", fault);
        if (state < StateAcknowledged || state > StateBegun)
        {
            throw new CheckFailedException("storage.state",
                $"state {state} is there; {StateAcknowledged} was acknowledged, {StateBegun} begun");
        }
        StateAcknowledged = state;
    }
}
