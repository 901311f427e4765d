using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>A machine in memory for the program.</summary>
internal sealed class MemoryMachine : MemoryFiles, IProgramMachine
{
    private readonly StringBuilder _error = new();
    private readonly StringBuilder _output = new();

    public string Error => _error.ToString();

    public string Output => _output.ToString();

    /// <summary>Signals sent: process and number.</summary>
    public List<(int ProcessId, int Signal)> Killed { get; } = [];

    public int KillErrno { get; set; }

    public HashSet<string> Unwritable { get; } = [];

    public string CurrentFolder => "/here/";

    public int ProcessId => 42;

    public bool Exists(string path) => Has(path);

    public void WriteOutput(ReadOnlySpan<byte> bytes) => _output.Append(Encoding.UTF8.GetString(bytes));

    public void WriteError(ReadOnlySpan<byte> bytes) => _error.Append(Encoding.UTF8.GetString(bytes));

    public void Touch(string path) => Append(path, []);

    public void Append(string path, ReadOnlySpan<byte> bytes)
    {
        if (Unwritable.Contains(path))
            throw new ConfigurationFileException(13, "Permission denied");
        this[path] = (Has(path) ? this[path] : "") + Encoding.UTF8.GetString(bytes);
    }

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        Touch(path);
        this[path] = Encoding.UTF8.GetString(bytes);
    }

    public void Delete(string path) => Remove(path);

    public void Rename(string path, string to)
    {
        if (!Has(path))
            throw new ConfigurationFileException(2, "No such file or directory");
        this[to] = this[path];
        Remove(path);
    }

    public void MakeFolder(string path)
    {
    }

    public int Kill(int processId, int signal)
    {
        Killed.Add((processId, signal));
        return KillErrno;
    }
}
