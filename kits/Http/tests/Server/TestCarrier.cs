using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>A carrier that turns when the test says so.</summary>
internal sealed class TestCarrier : ICarrier
{
    private readonly Queue<(NodeExecutor Owner, SendOrPostCallback Work, object? State)> _inbox = new();
    private readonly TurnActions _turnEnd = new();

    public bool IsCurrent => true;

    public void Post(NodeExecutor owner, SendOrPostCallback work, object? state) => _inbox.Enqueue((owner, work, state));

    public void AtTurnEnd(NodeExecutor owner, TurnPhase phase, Action action) => _turnEnd.Add(owner, phase, action);

    /// <summary>Runs all that is posted, also what is posted meanwhile.</summary>
    public void Run()
    {
        _turnEnd.Run();
        while (_inbox.TryDequeue(out var item))
        {
            item.Owner.Execute(item.Work, item.State);
            _turnEnd.Run();
        }
    }
}
