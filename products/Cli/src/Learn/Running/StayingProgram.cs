using System.Diagnostics;
using System.Text;

namespace Microcosm.Cli;

/// <summary>A program that stays in a terminal of its own while the chapter goes on.</summary>
internal sealed class StayingProgram : IDisposable
{
    private readonly StringBuilder _printed = new();
    private readonly Process _process;

    public StayingProgram(ProcessStartInfo command)
    {
        _process = Process.Start(command)!;
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>All so far, as a terminal shows both outputs.</summary>
    public string Printed
    {
        get
        {
            lock (_printed)
                return _printed.ToString();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Add(string? line)
    {
        lock (_printed)
            _printed.Append(line is null ? "" : line + "\n");
    }
}
