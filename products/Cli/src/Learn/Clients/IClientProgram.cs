namespace Microcosm.Cli;

/// <summary>A peer's own client program, as steps name it.</summary>
internal interface IClientProgram
{
    /// <summary>First word of its steps.</summary>
    string Name { get; }

    /// <summary>True where the peer's own program is installed.</summary>
    bool IsInstalled { get; }

    /// <summary>False where steps need the peer's own program.</summary>
    bool HasStandIn { get; }

    /// <summary>Runs it to its end; returns what it printed.</summary>
    /// <param name="arguments">Words behind the name.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="ports">For the ports that the words name, or leave out.</param>
    /// <param name="asPeer">Run the peer's own program where it is installed, not the runner's stand-in for it.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<string> RunAsync(IReadOnlyList<string> arguments, string input, PortMap ports, bool asPeer, CancellationToken cancellation);

    /// <summary>Starts it if it is one that does not end by itself, else null.</summary>
    StayingProgram? TryStay(IReadOnlyList<string> arguments, PortMap ports);

    /// <summary>Opens it for steps at its own prompt. Always the stand-in: a program that is no terminal shows no prompts.</summary>
    IClientSession Open(IReadOnlyList<string> arguments, PortMap ports);
}
