namespace Microcosm.Specimen;

/// <summary>Carries out one operation: writes exactly one reply, or refuses.</summary>
internal delegate void SpecimenHandler(SpecimenCall call);
