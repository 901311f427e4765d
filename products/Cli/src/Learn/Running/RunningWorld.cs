using System.Diagnostics;
using System.Globalization;

namespace Microcosm.Cli;

/// <summary>The <c>cosm up</c> of a chapter: the program itself.</summary>
internal sealed class RunningWorld : IAsyncDisposable
{
    private const string LastLine = "control ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private RunningWorld(Process process) => _process = process;

    /// <summary>What it printed when it was ready.</summary>
    public string Printed { get; private set; } = "";

    /// <summary>Of the control API.</summary>
    public int ControlPort { get; private set; }

    public static async Task<RunningWorld> StartAsync(IEnumerable<string> arguments, string folder)
    {
        var command = ProgramRun.Cosm(["up", .. arguments]);
        command.WorkingDirectory = folder;
        var world = new RunningWorld(Process.Start(command)!);
        try
        {
            while (!world.Printed.Split('\n')[^1].StartsWith(LastLine, StringComparison.Ordinal))
            {
                var line = await world._process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
                    ?? throw new InvalidOperationException("cosm up ended: " + await world._process.StandardError.ReadToEndAsync());
                world.Printed += (world.Printed.Length == 0 ? "" : "\n") + line;
            }
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
        world.ControlPort = int.Parse(world.Printed[(world.Printed.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
        return world;
    }

    /// <summary>Waits for its end, after <c>cosm down</c>.</summary>
    public Task EndAsync() => _process.WaitForExitAsync().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
