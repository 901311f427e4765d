#pragma warning disable RS0030 // a process starts another
using System.ComponentModel;
using System.Diagnostics;

namespace Microcosm.Nginx;

/// <summary>
/// A new binary beside this one (nginx: ngx_exec_new_binary): the program as its file is now, with the same words, that takes over the
/// sockets which listen here. Both serve until one is told to end.
/// </summary>
/// <param name="ended">Told, on another thread, when it has ended.</param>
internal sealed class NewBinary(PidFile pid, ProgramLog log, Action ended)
{
    private readonly int _parent = ProcessCalls.GetParent();
    private Process? _process;

    /// <summary>It runs, or nobody has looked yet whether it has ended.</summary>
    public bool IsRunning => _process is not null;

    /// <summary>Whether it is to be tried: not while the process that started this one is still there, nor twice.</summary>
    public bool IsWelcome => _process is null && ProcessCalls.GetParent() != _parent;

    /// <summary>Starts it.</summary>
    public void Start(IReadOnlyList<int> listening)
    {
        if (!pid.TryMoveAside(OwnProgram.Path))
            return;
        var info = OwnProgram.Again();
        InheritedSockets.Give(info, listening);
        try
        {
            foreach (var descriptor in listening)
                _ = ProcessCalls.SetDescriptorFlags(descriptor, ProcessCalls.SetFlags, 0);
            _process = Process.Start(info);
        }
        catch (Win32Exception e)
        {
            log.Write(LogLevel.Alert, $"execve() failed while executing new binary process \"{OwnProgram.Path}\" "
                + $"({e.NativeErrorCode}: {ProgramMachine.TextOf(e.NativeErrorCode)})");
        }
        finally
        {
            foreach (var descriptor in listening)
                _ = ProcessCalls.SetDescriptorFlags(descriptor, ProcessCalls.SetFlags, ProcessCalls.CloseOnExec);
        }
        if (_process is not { } process)
        {
            pid.MoveBack(OwnProgram.Path);
            return;
        }
        log.Write(LogLevel.Notice, $"start new binary process {process.Id}");
        process.WaitForExitAsync().ContinueWith(_ => ended(), TaskScheduler.Default);
    }

    /// <summary>Whether it has ended; the pid file is this process' again then.</summary>
    public bool TryEnd()
    {
        if (_process is not { HasExited: true } process)
            return false;
        log.Write(LogLevel.Notice, $"new binary process {process.Id} exited with code {process.ExitCode}");
        process.Dispose();
        _process = null;
        pid.MoveBack(OwnProgram.Path);
        return true;
    }
}
