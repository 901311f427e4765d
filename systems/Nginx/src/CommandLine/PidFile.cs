namespace Microcosm.Nginx;

/// <summary>
/// The file with the process' number (nginx: ngx_create_pidfile). While a new binary is tried it stands aside under another name, so that
/// the new one has its place.
/// </summary>
internal sealed class PidFile(string path, IProgramMachine machine, ProgramLog log)
{
    private bool _isWritten;
    private bool _isAside;

    /// <summary>Where it is while a new binary has its place.</summary>
    public string AsidePath => path + ".oldbin";

    /// <summary>Throws <see cref="ConfigurationException"/>.</summary>
    public void Write()
    {
        try
        {
            machine.Write(path, Latin1.Bytes($"{machine.ProcessId}\n"));
        }
        catch (ConfigurationFileException e)
        {
            throw ConfigurationException.Unplaced($"open() \"{path}\" failed {e.Message}");
        }
        _isWritten = true;
    }

    /// <summary>Makes room for that of a new binary; false where that cannot be, which is logged.</summary>
    public bool TryMoveAside(string program) =>
        _isAside = TryMove(path, AsidePath, $"rename() {path} to {AsidePath} failed before executing new binary process \"{program}\"");

    /// <summary>The new binary is gone.</summary>
    public void MoveBack(string program)
    {
        if (_isAside)
            TryMove(AsidePath, path, $"rename() {AsidePath} back to {path} failed after the new binary process \"{program}\" exited");
        _isAside = false;
    }

    /// <summary>The process ends.</summary>
    public void Delete()
    {
        if (!_isWritten)
            return;
        var name = _isAside ? AsidePath : path;
        try
        {
            machine.Delete(name);
        }
        catch (ConfigurationFileException e)
        {
            log.Write(LogLevel.Alert, $"unlink() \"{name}\" failed {e.Message}");
        }
    }

    private bool TryMove(string from, string to, string failure)
    {
        try
        {
            machine.Rename(from, to);
            return true;
        }
        catch (ConfigurationFileException e)
        {
            log.Write(LogLevel.Alert, $"{failure} {e.Message}");
            return false;
        }
    }
}
