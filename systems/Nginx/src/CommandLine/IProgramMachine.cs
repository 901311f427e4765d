namespace Microcosm.Nginx;

/// <summary>What the program needs of the machine besides reading files: its streams, files that are made, processes.</summary>
internal interface IProgramMachine : IConfigurationFiles, INameResolver
{
    /// <summary>The folder that the program was started in, with a slash at its end.</summary>
    string CurrentFolder { get; }

    int ProcessId { get; }

    void WriteOutput(ReadOnlySpan<byte> bytes);

    void WriteError(ReadOnlySpan<byte> bytes);

    /// <summary>Opens a file for appending, making it if need be, and closes it. Throws <see cref="ConfigurationFileException"/>.</summary>
    void Touch(string path);

    /// <summary>Appends to a file. Throws <see cref="ConfigurationFileException"/>.</summary>
    void Append(string path, ReadOnlySpan<byte> bytes);

    /// <summary>Replaces a file's contents. Throws <see cref="ConfigurationFileException"/>.</summary>
    void Write(string path, ReadOnlySpan<byte> bytes);

    /// <summary>Deletes a file, if it is there. Throws <see cref="ConfigurationFileException"/>.</summary>
    void Delete(string path);

    /// <summary>Gives a file another name, in the place of what has it. Throws <see cref="ConfigurationFileException"/>.</summary>
    void Rename(string path, string to);

    /// <summary>Makes a folder (not those above it) if it is not there. Throws <see cref="ConfigurationFileException"/>.</summary>
    void MakeFolder(string path);

    /// <summary>Sends a signal; gives errno, 0 for success.</summary>
    int Kill(int processId, int signal);
}
