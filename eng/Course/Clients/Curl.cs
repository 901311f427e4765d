using System.Diagnostics;
using Microcosm.Cli.Tests;

namespace Microcosm.Course.Tests;

/// <summary>curl, always the real one: it prints what a server says, byte for byte. One that asks at a <c>--rate</c> stays in its
/// terminal.</summary>
internal sealed class Curl : IClientProgram
{
    public string Name => "curl";

    public bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "curl")));

    public bool HasStandIn => false;

    public async Task<string> RunAsync(IReadOnlyList<string> arguments, string input, PortMap ports, bool asPeer)
    {
        var run = await Cosm.RunAsync(Command(arguments, ports), input);
        return run.Text + run.Errors;
    }

    public StayingProgram? TryStay(IReadOnlyList<string> arguments, PortMap ports) =>
        arguments.Contains("--rate") ? new StayingProgram(Command(arguments, ports)) : null;

    public IClientSession Open(IReadOnlyList<string> arguments, PortMap ports) => throw new FormatException("curl has no prompt");

    // On a terminal curl shows no progress beside what it prints.
    private static ProcessStartInfo Command(IReadOnlyList<string> arguments, PortMap ports) =>
        new("curl", ["-sS", .. arguments.Select(ports.ToActual)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}
