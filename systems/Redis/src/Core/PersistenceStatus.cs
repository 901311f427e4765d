namespace Microcosm.Redis;

/// <summary>Where saving and rewriting stand.</summary>
internal sealed class PersistenceStatus
{
    public bool IsSaving { get; set; }

    public bool IsRewriting { get; set; }

    /// <summary>A save waits for the rewrite to end.</summary>
    public bool IsSaveScheduled { get; set; }

    /// <summary>A rewrite waits for the save to end.</summary>
    public bool IsRewriteScheduled { get; set; }

    /// <summary>Unix milliseconds of the last successful save, or of the start.</summary>
    public long LastSaveMs { get; set; }

    /// <summary>When the last save was tried.</summary>
    public long LastTryMs { get; set; }

    public bool LastSaveFailed { get; set; }

    public bool LastRewriteFailed { get; set; }

    /// <summary>What strerror said of the last write of the append-only file, if that failed; null while it can be written.</summary>
    public string? AofWriteError { get; set; }

    /// <summary>The same of its last sync in the background.</summary>
    public string? AofSyncError { get; set; }

    /// <summary>Why the append-only file cannot be relied on at present (INFO aof_last_write_status), or null.</summary>
    public string? AofError => AofWriteError ?? AofSyncError;

    public long Saves { get; set; }

    public long Rewrites { get; set; }

    /// <summary>Bytes of the append-only file after the last rewrite or the start; 0 without one.</summary>
    public long AofBaseBytes { get; set; }

    public bool IsBusy => IsSaving || IsRewriting;
}
