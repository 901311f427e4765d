namespace Microcosm.SideBySide;

/// <summary>Something that is done to servers.</summary>
/// <param name="Name">Of its rows.</param>
/// <param name="Noun">What is counted: a request, a write, a MB.</param>
/// <param name="Amount">How much of it is measured, in the load's own measure.</param>
/// <param name="WarmAmount">How much goes before; 0 for nothing.</param>
/// <param name="Act">Does it, so much, and tells what came of it.</param>
internal sealed record Load<T>(string Name, string Noun, int Amount, int WarmAmount, Func<T, int, Meter, Outcome> Act)
    where T : Server
{
    /// <summary>Of the noun.</summary>
    public string Plural { get; init; } = Noun + "s";

    /// <summary>Not everything is asked of everybody.</summary>
    public Func<T, bool> IsFor { get; init; } = _ => true;

    /// <summary>The clients are in this process, whose time is told then too.</summary>
    public bool HasOwnClients { get; init; }
}
