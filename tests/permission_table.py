"""What everybody must be answered by every route; `tests/test_permissions.py` asks."""

TABLE = """
#                                                            here: con org mod coo ana adm | elsewhere: the same
GET    /api/v1/organisations/{organisation}/document        404 404 | 404 200 200 200 404 200 | 404 404 404 404 404 404
GET    /api/v1/organisations/{organisation}/revisions       404 404 | 404 200 200 200 404 200 | 404 404 404 404 404 404
POST   /api/v1/organisations                                waiting waiting | waiting shown shown shown waiting shown | waiting waiting waiting waiting waiting waiting
PATCH  /api/v1/organisations/{organisation}                 404 404 | 404 200 200 200 404 200 | 404 404 404 404 404 404
POST   /api/v1/organisations/{organisation}/reversions      404 404 | 404 403 200 200 404 200 | 404 404 404 404 404 404
PUT    /api/v1/organisations/{organisation}/status          404 404 | 404 403 200 200 404 200 | 404 404 404 404 404 404
POST   /api/v1/organisations/{organisation}/confirmations   401 403 | 204 204 204 204 403 204 | 403 403 403 403 403 403
GET    /api/v1/assets/{asset}/document                      404 404 | 404 200 200 200 404 200 | 404 404 404 404 404 404
GET    /api/v1/assets/{asset}/revisions                     404 404 | 404 200 200 200 404 200 | 404 404 404 404 404 404
POST   /api/v1/assets                                       waiting waiting | waiting shown shown shown waiting shown | waiting waiting waiting waiting waiting waiting
PATCH  /api/v1/assets/{asset}                               404 404 | 404 200 200 200 404 200 | 404 404 404 404 404 404
POST   /api/v1/assets/{asset}/reversions                    404 404 | 404 403 200 200 404 200 | 404 404 404 404 404 404
PUT    /api/v1/assets/{asset}/status                        404 404 | 404 403 200 200 404 200 | 404 404 404 404 404 404
POST   /api/v1/assets/{asset}/confirmations                 401 403 | 204 204 204 204 403 204 | 403 403 403 403 403 403
GET    /api/v1/people/me                                    401 200 | 200 200 200 200 200 200 | 200 200 200 200 200 200
GET    /api/v1/role-grants                                  401 403 | 403 403 403 200 403 200 | 403 403 403 200 403 200
POST   /api/v1/role-grants                                  401 403 | 403 403 403 201 403 201 | 403 403 403 403 403 403
GET    /account                                             303 200 | 200 200 200 200 200 200 | 200 200 200 200 200 200
GET    /sign-in                                             200 303 | 303 303 303 303 303 303 | 303 303 303 303 303 303
GET    /review                                              303 403 | 403 403 200 200 403 200 | 403 403 200 200 403 200
GET    /review/{sort}/{key}                                 303 403 | 403 403 200 200 403 200 | 403 403 404 404 403 404
GET    /admin/roles                                         303 403 | 403 403 403 200 403 200 | 403 403 403 200 403 200
GET    /admin/roles/{grant_id}/end                          303 403 | 403 403 403 200 403 200 | 403 403 403 404 403 404
POST   /admin/roles                                         401 403 | 403 403 403 403 403 403 | 403 403 403 403 403 403
POST   /admin/roles/{grant_id}/end                          401 403 | 403 403 403 403 403 403 | 403 403 403 403 403 403
PUT    /api/v1/analyses/{analysis}/pin                      401 403 | 403 403 403 404 404 404 | 403 403 403 404 404 404
DELETE /api/v1/analyses/{analysis}/pin                      401 403 | 403 403 403 404 404 404 | 403 403 403 404 404 404
DELETE /api/v1/role-grants/{grant_id}                       401 403 | 403 403 403 204 403 204 | 403 403 403 403 403 403
"""  # noqa: E501 - a table
"""What takes a role. "shown" and "waiting" are 201 with what was offered published, or not yet."""

FOR_EVERYBODY = """
GET    /healthz                                          200
GET    /readyz                                           200
GET    /api/v1/jobs/{job_id}                             404
POST   /api/v1/sign-in-links                             202
POST   /api/v1/sessions                                  400
GET    /api/v1/area-types                                200
GET    /api/v1/areas                                     200
GET    /api/v1/areas/at                                  200
GET    /api/v1/areas/outlines                            200
GET    /api/v1/areas/names                               200
GET    /api/v1/areas/named                               200
GET    /api/v1/areas/{area_type}/{code}                  200
GET    /api/v1/areas/{area_type}/{code}/children         200
GET    /api/v1/areas/{area_type}/{code}/boundary         200
GET    /api/v1/areas/{area_type}/{code}/indicators       200
GET    /api/v1/areas/{area_type}/{code}/organisations    200
GET    /api/v1/areas/{area_type}/{code}/assets           200
GET    /api/v1/backdrops                                 200
GET    /api/v1/postcodes                                 200
GET    /api/v1/postcodes/{postcode}                      200
GET    /api/v1/indicators                                200
GET    /api/v1/indicators/{code}                         404
GET    /api/v1/indicators/{code}/values                  404
GET    /api/v1/indicators/{code}/rows                    404
GET    /api/v1/indicators/{code}/trend                   404
GET    /api/v1/indicators/{code}/comparison              404
GET    /api/v1/categories                                200
GET    /api/v1/categories/{code}                         404
GET    /api/v1/organisations                             200
GET    /api/v1/organisations/counts                      200
GET    /api/v1/organisations/{organisation}              200
GET    /api/v1/organisations/{organisation}/history      200
GET    /api/v1/assets                                    200
GET    /api/v1/assets/{asset}                            200
GET    /api/v1/assets/{asset}/history                    200
GET    /api/v1/pack                                      200
GET    /api/v1/tile-layers                               200
POST   /api/v1/analyses                                  200
GET    /api/v1/analyses/runs/{run}                       404
DELETE /api/v1/analyses/runs/{run}                       404
GET    /api/v1/analyses/{analysis}                       404
GET    /api/v1/analyses/{analysis}/state                 404
GET    /api/v1/analyses/{analysis}.csv                   404
GET    /api/v1/analyses/{analysis}.geojson               404
GET    /api/v1/analyses/{analysis}.gpkg                  404
GET    /api/v1/analyses/{analysis}.html                  404
GET    /tiles/assets/{z}/{x}/{y}.mvt                     204
GET    /tiles/{layer}/{version}/{z}/{x}/{y}.mvt          404
GET    /api/v1/pack/load                                 200
GET    /                                                 200
GET    /near                                             200
GET    /near.rss                                         303
GET    /near.ics                                         303
GET    /assets/{asset}/calendar.ics                      404
GET    /areas/{area_type}/{code}/organisations           200
GET    /outline.svg                                      200
GET    /areas                                            200
POST   /sign-in                                          403
GET    /sign-in/sent                                     200
GET    /sign-in/{token}                                  404
POST   /sign-in/{token}                                  403
POST   /sign-out                                         403
POST   /appearance                                       403
GET    /assets/{record}/edit                             200
POST   /assets/{record}/edit                             403
GET    /assets/{record}/edit/{place}                     200
POST   /assets/{record}/edit/{place}                     403
POST   /assets/{record}/still-right                      403
GET    /assets/{record}/report                           200
POST   /assets/{record}/report                           403
GET    /organisations/{record}/edit                      200
POST   /organisations/{record}/edit                      403
POST   /organisations/{record}/still-right               403
GET    /organisations/{record}/report                    200
POST   /organisations/{record}/report                    403
GET    /organisations/{record}/thanks                    200
GET    /assets/{record}/thanks                           200
POST   /review/{sort}/{key}                              403
GET    /answers/{token}                                  404
POST   /answers/{token}                                  403
POST   /account/name                                     403
POST   /account/sign-out-everywhere                      403
GET    /layers                                           200
GET    /gaps                                             200
GET    /gaps/figures                                     400
GET    /gaps/table.csv                                   400
GET    /gaps/try                                         400
GET    /add                                              200
POST   /add                                              403
GET    /add/{draft}                                      404
GET    /add/{draft}/saved                                404
GET    /add/{draft}/sent                                 404
POST   /add/{draft}/discard                              403
GET    /add/{draft}/{slug}                               404
POST   /add/{draft}/{slug}                               403
GET    /add/{draft}/places/{number}/{slug}               404
POST   /add/{draft}/places/{number}/remove               403
POST   /add/{draft}/places/{number}/{slug}               403
GET    /sources                                          200
GET    /docs                                             200
GET    /assets/{asset}                                   301
GET    /assets/{asset}/{slug}                            301
GET    /organisations/{organisation}                     301
GET    /organisations/{organisation}/{slug}              301
GET    /areas/{area_type}/{code}                         200
GET    /areas/{area_type}/{code}/figures.csv             200
GET    /areas/{area_type}/{code}/assets.csv              200
GET    /help                                             200
GET    /about                                            200
GET    /privacy                                          200
GET    /accessibility                                    200
GET    /whats-new                                        200
GET    /styleguide                                       404
GET    /robots.txt                                       200
GET    /sitemap.xml                                      200
GET    /sitemaps/{kind}-{number}.xml                     404
GET    /manifest.webmanifest                             200
DELETE /api/v1/sessions/current                          204
"""
"""What everybody is answered alike. Forms without their token are refused before anything else."""
