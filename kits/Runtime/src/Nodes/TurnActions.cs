namespace Microcosm.Runtime;

/// <summary>What is to run when a carrier's turn ends.</summary>
public sealed class TurnActions
{
    private readonly List<(NodeExecutor Owner, Action Action)> _commits = [];
    private readonly List<(NodeExecutor Owner, Action Action)> _sends = [];

    public void Add(NodeExecutor owner, TurnPhase phase, Action action) => (phase == TurnPhase.Commit ? _commits : _sends).Add((owner,
        action));

    /// <summary>Runs all commits, then all sends. Actions may add further actions to the same phase; those run too.</summary>
    public void Run()
    {
        Run(_commits);
        Run(_sends);
    }

    private static void Run(List<(NodeExecutor Owner, Action Action)> actions)
    {
        for (var i = 0; i < actions.Count; i++)
            actions[i].Owner.Execute(static a => ((Action)a!)(), actions[i].Action);
        actions.Clear();
    }
}
