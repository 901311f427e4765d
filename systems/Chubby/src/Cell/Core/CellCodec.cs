using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Handles and locks as bytes of the cell's state, and the values that changes and frames share.</summary>
internal static class CellCodec
{
    public static void Save(CellFiles files, JuteWriter writer)
    {
        writer.Long(files.Epoch);
        writer.Long(files.NowMs);
        var handles = files.Handles.ToArray();
        writer.Int(handles.Length);
        foreach (var handle in handles)
        {
            writer.Long(handle.Session);
            writer.Long(handle.Id);
            writer.String(handle.Path);
            writer.Long(handle.Instance);
            writer.Int((int)handle.Modes);
            writer.Int((int)handle.Events);
            writer.Int(handle.LockDelayMs);
            writer.Bool(handle.Sequencer is not null);
            if (handle.Sequencer is { } sequencer)
                Write(writer, sequencer);
        }
        writer.Int(files.Locks.Count);
        foreach (var held in files.Locks)
        {
            writer.String(held.Path);
            writer.Int((int)held.Mode);
            writer.Long(held.Generation);
            writer.Long(held.DelayedUntilMs);
            writer.Int(held.Holders.Count);
            foreach (var (session, handle) in held.Holders)
            {
                writer.Long(session);
                writer.Long(handle);
            }
        }
    }

    public static void Restore(CellFiles files, ref JuteReader reader)
    {
        (files.Epoch, files.NowMs) = (reader.Long(), reader.Long());
        for (var left = reader.Count(41); left > 0; left--)
        {
            files.Add(new FileHandle(reader.Long(), reader.Long(), reader.String())
            {
                Instance = reader.Long(),
                Modes = (FileModes)reader.Int(),
                Events = (ChubbyEvents)reader.Int(),
                LockDelayMs = reader.Int(),
                Sequencer = reader.Bool() ? ReadSequencer(ref reader) : null,
            });
        }
        for (var left = reader.Count(28); left > 0; left--)
        {
            var held = new FileLock(reader.String())
            {
                Mode = (LockMode)reader.Int(), Generation = reader.Long(), DelayedUntilMs = reader.Long(),
            };
            for (var holders = reader.Count(16); holders > 0; holders--)
                held.Holders.Add((reader.Long(), reader.Long()));
            files.Add(held);
        }
    }

    public static void Write(JuteWriter writer, in Sequencer sequencer)
    {
        writer.String(sequencer.Path);
        writer.Long(sequencer.Instance);
        writer.Int((int)sequencer.Mode);
        writer.Long(sequencer.Generation);
    }

    public static Sequencer ReadSequencer(ref JuteReader reader) =>
        new(reader.String(), reader.Long(), (LockMode)reader.Int(), reader.Long());

    public static void Write(JuteWriter writer, in FileStat stat)
    {
        writer.Long(stat.Instance);
        writer.Long(stat.ContentGeneration);
        writer.Long(stat.LockGeneration);
        writer.Long(stat.AclGeneration);
        writer.Int(stat.Length);
        writer.Long((long)stat.Checksum);
        writer.Bool(stat.IsDirectory);
        writer.Bool(stat.IsEphemeral);
    }

    public static FileStat ReadStat(ref JuteReader reader) => new(reader.Long(), reader.Long(), reader.Long(), reader.Long(), reader.Int(),
        (ulong)reader.Long(), reader.Bool(), reader.Bool());
}
