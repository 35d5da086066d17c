namespace Layerbench.Core.Engines;

/// <summary>What a user has of the devices.</summary>
/// <param name="User">Whose sweeps they work for.</param>
/// <param name="Devices">That work for them now.</param>
/// <param name="Share">Of the device time of late, of which half is forgotten every 10 minutes; 0 to 1.</param>
public readonly record struct UserShare(string User, int Devices, double Share);
