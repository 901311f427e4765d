namespace Microcosm.Redis;

/// <summary>What commands ask of the disk. Answers come back in the protocol's own words; null is success.</summary>
internal interface IPersistence
{
    /// <summary>Where saving and rewriting stand, for INFO and LASTSAVE.</summary>
    PersistenceStatus Status { get; }

    /// <summary>SAVE: takes the keys now, tells when they are on the disk.</summary>
    void Save(Action<string?> done);

    /// <summary>BGSAVE.</summary>
    void StartSave();

    /// <summary>BGREWRITEAOF.</summary>
    void StartRewrite();

    /// <summary>
    /// SHUTDOWN: ends what runs in the background, syncs the log, saves the keys by Redis' rules. Nothing may change until
    /// <paramref name="done"/> tells whether all that went well; where it did the disk is left alone from then on.
    /// </summary>
    /// <param name="save">See <see cref="ServerExit.Begin"/>.</param>
    /// <param name="force">Failures are logged and are none.</param>
    void ShutDown(bool? save, bool force, Action<bool> done);

    /// <summary>DEBUG RELOAD: writes all keys out and reads them in again.</summary>
    /// <param name="save">False reads what the file on the disk holds.</param>
    /// <param name="flush">False keeps the keys that are there.</param>
    /// <param name="merge">Keys that are there are replaced, where otherwise they are an error.</param>
    string? Reload(bool save, bool flush, bool merge);

    /// <summary>DEBUG LOADAOF: reads the append-only file anew.</summary>
    string? ReloadAppendOnlyFile();
}
