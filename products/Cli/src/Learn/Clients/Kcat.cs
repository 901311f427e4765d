using System.Diagnostics;

namespace Microcosm.Cli;

/// <summary>kcat, always the real one: what it says of groups and offsets is its own.
/// Without <c>-e</c> a member of a group stays in its terminal.</summary>
internal sealed class Kcat : IClientProgram
{
    public string Name => "kcat";

    public bool IsInstalled { get; } = ProgramRun.Find("kcat") is not null;

    public bool HasStandIn => false;

    public async Task<string> RunAsync(IReadOnlyList<string> arguments, string input, PortMap ports, bool asPeer,
        CancellationToken cancellation)
    {
        var run = await ProgramRun.RunAsync(Command(arguments, ports), input, cancellation);
        return run.Printed;
    }

    public StayingProgram? TryStay(IReadOnlyList<string> arguments, PortMap ports) =>
        arguments.Contains("-G") && !arguments.Contains("-e") ? new StayingProgram(Command(arguments, ports)) : null;

    public IClientSession Open(IReadOnlyList<string> arguments, PortMap ports) => throw new FormatException("kcat has no prompt");

    private static ProcessStartInfo Command(IReadOnlyList<string> arguments, PortMap ports) =>
        ProgramRun.Command("kcat", arguments.Select(ports.ToActual));
}
